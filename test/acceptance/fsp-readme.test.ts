import { readFile } from 'node:fs/promises'
import { Instant } from '@js-joda/core'
import { expect, onTestFinished, test } from 'vitest'
import { startRig } from '../../fsp/test/support/rig.ts'
import { startVans, unitOf } from '../../fsp/test/support/vans.ts'
import { SimulatedClock } from '../../platform/clock/index.ts'
import { controlOperations } from '../../schemas/fsp/control.ts'
import { createTestDatabase } from '../support/database.ts'
import { startTestServer } from '../support/server.ts'

const read = (name: string) => readFile(new URL(`../../fsp/${name}`, import.meta.url), 'utf8')
const [readme, contracts] = await Promise.all([read('README.md'), read('CONTRACTS.md')])
const [own = '', guide = ''] = readme.split('## Writing an FSP against the DNO')

/** The names of operations in an OpenAPI document. */
async function operationsIn(url: string, path: string): Promise<string[]> {
  const { paths } = (await (await fetch(new URL(path, url))).json()) as { paths: Record<string, object> }
  const all = Object.values(paths).flatMap((item) => Object.values(item)) as { operationId: string }[]
  return all.map(({ operationId }) => operationId)
}

/** What columns of the guide's table name in code, but for files. */
function namesIn(...columns: number[]): string[] {
  const rows = guide.split('\n').filter((line) => line.startsWith('|') && !line.includes('---'))
  const cells = rows.slice(1).flatMap((row) => columns.map((column) => row.split('|')[column] ?? ''))
  return cells.flatMap((cell) => [...cell.matchAll(/`([a-z]+[A-Z][A-Za-z]*|instruct)`/g)].map(([, name]) => name ?? ''))
}

/** Names in code that begin as operations do. */
function verbsIn(text: string): string[] {
  const verb =
    '(?:list|read|save|set|run|replay|resolve|replace|exchange|explain|inject|compare|start|switch|export|issue)'
  return [...text.matchAll(new RegExp(`\`(${verb}[A-Z][A-Za-z]*)\``, 'g'))].map(([, name]) => name ?? '')
}

test('the guide for writing an FSP names operations of the DNO’s documents, and all that an FSP serves', async () => {
  const clock = new SimulatedClock(Instant.parse('2026-01-15T12:00:00Z'))
  const { url } = await startTestServer((await createTestDatabase('server')).url, clock)
  const control = await operationsIn(url, '/openapi-control.json')
  const documented = [...(await operationsIn(url, '/openapi-fsp.json')), ...control]
  const named = namesIn(2, 3)
  expect(named.length).toBeGreaterThan(25)
  expect(named.filter((name) => !documented.includes(name))).toEqual([])
  expect(control).toEqual(Object.keys(controlOperations))
  expect(control.filter((name) => !named.includes(name))).toEqual([])
  const whole = await operationsIn(url, '/openapi.json')
  expect(new Set(whole).size).toBe(whole.length)
})

test('what the FSP’s own documents name is in its OpenAPI document, where each operation has a name of its own', async () => {
  const rig = await startRig()
  const documented = await operationsIn(rig.fsp.url, '/openapi.json')
  expect(documented.every((name) => typeof name === 'string')).toBe(true)
  expect(documented.filter((name, i) => documented.indexOf(name) !== i)).toEqual([])
  const vans = await startVans(unitOf(1), '2026-01-15T12:00:00Z', onTestFinished)
  const ofHomes = await operationsIn(vans.fsp().url, '/openapi.json')
  const named = [...verbsIn(own), ...verbsIn(contracts)]
  expect(named.length).toBeGreaterThan(30)
  expect(named.filter((name) => !documented.includes(name) && !ofHomes.includes(name))).toEqual([])
})
