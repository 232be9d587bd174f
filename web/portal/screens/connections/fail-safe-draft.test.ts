import { expect, test } from 'vitest'
import { failSafePolicyForm } from '../../../../schemas/dispatch/import-limits.ts'
import { readFailSafe } from './fail-safe-draft.ts'

const draft = { onBreach: true, onLinkLost: false, failSafeKw: '62.5', validMinutes: '20' }

test('reads kW as W, as the server takes it', () => {
  const { body, faults } = readFailSafe(draft)
  expect(body).toEqual({ onBreach: true, onLinkLost: false, failSafeW: 62_500, validMinutes: 20 })
  expect(faults).toEqual({ failSafeKw: null, validMinutes: null })
  expect(failSafePolicyForm.safeParse(body).success).toBe(true)
})

test.each([
  ['no limit', { failSafeKw: '' }, 'failSafeKw'],
  ['a limit with a comma', { failSafeKw: '62,5' }, 'failSafeKw'],
  ['a negative limit', { failSafeKw: '-5' }, 'failSafeKw'],
  ['W in place of kW', { failSafeKw: '500000' }, 'failSafeKw'],
  ['a minute', { validMinutes: '1' }, 'validMinutes'],
  ['more than a day', { validMinutes: '1441' }, 'validMinutes'],
  ['half a minute', { validMinutes: '2.5' }, 'validMinutes'],
] as const)('refuses %s at its field', (_, change, field) => {
  const { body, faults } = readFailSafe({ ...draft, ...change })
  expect(body).toBeNull()
  expect(faults[field]).toMatch(/^Enter /)
})
