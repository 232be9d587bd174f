import { expect, test } from 'vitest'
import { readDepots } from '../../../seeds/index.ts'
import { layOut } from '../vehicles/layout.ts'
import { faultKinds, limitAt, scenarioOf } from './scenario.ts'

const { models } = await readDepots()
const scenarios = Array.from({ length: 200 }, (_, seed) => scenarioOf(seed, models))

test('a seed is always the same day, and two hundred seeds bring every kind of fault', () => {
  expect(scenarioOf(7, models)).toEqual(scenarios[7])
  const kinds = new Set(scenarios.flatMap(({ faults }) => faults.map(({ kind }) => kind)))
  expect([...kinds].sort()).toEqual([...faultKinds].sort())
})

test('every fault ends within the day, after it began, at a charge point of the depot', () => {
  for (const { depot, models: drawn, faults } of scenarios)
    for (const { fromMinute, toMinute, unit } of faults) {
      expect(fromMinute).toBeGreaterThanOrEqual(30)
      expect(toMinute).toBeGreaterThan(fromMinute)
      expect(toMinute).toBeLessThan(1_440)
      expect(unit).toBeLessThan(layOut(depot, drawn).length)
    }
})

test('the limit always leaves room for the building as it is assumed, its buffer, and 6 A for every socket; often not for all in full', () => {
  let short = 0
  for (const { depot, models: drawn } of scenarios) {
    const units = layOut(depot, drawn)
    const sockets = units.reduce((sum, { model }) => sum + model.sockets, 0)
    const fullW = units.reduce((sum, { model }) => sum + model.sockets * model.maxCurrentA * 230, 0)
    const limits = [...depot.profile.weekday, ...depot.profile.weekend].map(({ limitW }) => limitW)
    for (const limitW of limits) {
      expect(limitW).toBeGreaterThanOrEqual(1.4 * depot.building.dayW + sockets * 1_380)
      expect(limitW).toBeLessThanOrEqual(depot.ascKva * 1_000)
    }
    if (limits.some((limitW) => limitW < depot.building.dayW + fullW)) short++
  }
  expect(short).toBeGreaterThan(100)
})

test('the limit in force follows the local time of the profile’s steps', () => {
  const [{ depot } = scenarioOf(0, models)] = scenarios
  const { weekday } = depot.profile
  // A Thursday in winter: local time is UTC. 16:29 is before the step of 16:30.
  expect(limitAt(depot, Date.parse('2026-01-15T16:29:59Z'))).toBe(weekday[2]?.limitW)
  expect(limitAt(depot, Date.parse('2026-01-15T16:30:00Z'))).toBe(weekday[3]?.limitW)
})
