// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the strings are source to be searched
import { expect, test } from 'vitest'
import { pathsIn } from './paths.ts'

const operationsIn = (file: string, source: string) => pathsIn(file, source).map(({ operation }) => operation)

test.each([
  ['a path', "client.get('/tenders')", 'listTenders'],
  ['a path with a parameter and a query', 'ask(`/tenders/${id}?full=${yes}`)', 'readTender'],
  ['a path behind a base', 'fetch(`${url}/api/flexible-units/${fuId}/limits`)', 'stateConstraints'],
  ['a path behind a method', "'GET /tenders/{id}/responses'", 'listTenderResponses'],
  ['a path of the FSP', 'put(`/depots/${id}/mode`)', 'setControlMode'],
])('finds %s', (_, source, operation) => {
  expect(operationsIn('server/x.ts', source)).toContain(operation)
})

test.each([
  ['an operation', 'client.ask(operations.listTenders)'],
  ['a longer text', "'see /tenders for more'"],
  ['a path that is nobody’s', "'/somewhere/else'"],
])('passes over %s', (_, source) => {
  expect(operationsIn('server/x.ts', source)).toEqual([])
})

test('takes an address of the portal for a screen, unless it is below /api', () => {
  expect(operationsIn('web/portal/x.tsx', "navigate('/alarms')")).toEqual([])
  expect(operationsIn('web/portal/x.tsx', "fetch('/api/alarms')")).toEqual(['listAlarms'])
})
