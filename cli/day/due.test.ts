import { LocalDate } from '@js-joda/core'
import { expect, test } from 'vitest'
import type { Contract } from '../../schemas/market/contracts.ts'
import type { Product } from '../../schemas/vocabulary/units.ts'
import { readNodeLoads } from '../../seeds/index.ts'
import { dueByForecast } from './due.ts'

const workingDays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'] as const

/** A contract of the unit at a node, which is called like it. */
function contractAt(nodeId: string, product: Product, from: string, to: string, days = [...workingDays]) {
  const windows = [{ weekdays: days, from, to, requiredW: 0 }]
  const term = { validFrom: '2026-01-01', validTo: '2026-12-31', direction: 'turn-down' }
  return { fuId: nodeId, product, windows, ...term } as unknown as Contract
}
const contracts = [
  contractAt('lpn-bexleyheath-lv', 'B', '16:30', '17:00'),
  contractAt('lpn-eltham-lv', 'C', '17:00', '18:00'),
  contractAt('lpn-camden-lv', 'C', '16:30', '17:00'),
  contractAt('lpn-agar-grove-lv', 'C', '14:00', '15:00'),
]
const nodeOf = new Map(contracts.map(({ fuId }) => [fuId, fuId]))

const dueOn = async (day: string, given = contracts) =>
  dueByForecast(given, await readNodeLoads(), nodeOf, LocalDate.parse(day)).map(
    ({ fuId, from, turnDownW, by }) => `${fuId} ${from} ${turnDownW} ${by}`,
  )

test('C1 B is owed by 20:00 the day before, C two hours before the window of its contract, each for what its node is over its target', async () => {
  const quarters = (fuId: string, starts: string[], powerW: number, by: string) =>
    starts.map((start) => `${fuId} 2026-01-15T${start}:00Z ${powerW} ${by}:00Z`)
  // 185 kW over 180, 308 over 300, 293 over 290, 365 over 340; a minute of grace.
  expect(await dueOn('2026-01-15')).toEqual([
    ...quarters('lpn-bexleyheath-lv', ['16:30', '16:45'], 5_000, '2026-01-14T20:01'),
    ...quarters('lpn-eltham-lv', ['17:00', '17:15', '17:30', '17:45'], 8_000, '2026-01-15T15:01'),
    ...quarters('lpn-camden-lv', ['16:30', '16:45'], 3_000, '2026-01-15T14:31'),
    ...quarters('lpn-agar-grove-lv', ['14:00', '14:15', '14:30', '14:45'], 25_000, '2026-01-15T12:01'),
  ])
})

test('at a weekend nothing is owed under contracts for working days, and a unit without a contract owes nothing', async () => {
  expect(await dueOn('2026-01-17')).toEqual([])
  expect(await dueOn('2026-01-15', contracts.slice(0, 1))).toHaveLength(2)
})
