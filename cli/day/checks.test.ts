import { Instant } from '@js-joda/core'
import { expect, test } from 'vitest'
import type { Statement } from '../../schemas/settlement/statements.ts'
import { checkDispatch, checkEnergy, checkMeasurements, checkStatement, dispatchFigures } from './checks.ts'

const from = Instant.parse('2026-01-15T17:00:00Z')
const due = [
  { fuId: 'a', from },
  { fuId: 'b', from },
]
const arrived = (fuId: string, id: string, minutesAhead = 30) => ({
  instructionId: id,
  fuId,
  from,
  receivedAt: from.minusSeconds(minutesAhead * 60),
})

test('everything owed that arrives once and in time holds', () => {
  const figures = dispatchFigures(due, [arrived('a', '1'), arrived('b', '2')])
  expect(figures).toEqual({ due: 2, issued: 2, late: 0, duplicates: 0 })
  expect(checkDispatch(figures, 2).ok).toBe(true)
})

test('a lost, a late, a doubled and an unowed instruction each fail the check', () => {
  const fails = (received: ReturnType<typeof arrived>[], windows: number) =>
    checkDispatch(dispatchFigures(due, received), windows).ok
  expect(fails([arrived('a', '1')], 1)).toBe(false)
  expect(fails([arrived('a', '1'), arrived('b', '2', 28)], 2)).toBe(false)
  expect(fails([arrived('a', '1'), arrived('b', '2'), arrived('b', '3')], 2)).toBe(false)
  expect(fails([arrived('a', '1'), arrived('b', '2'), arrived('c', '3')], 3)).toBe(false)
  expect(checkDispatch(dispatchFigures([], []), 0).ok).toBe(false)
})

test('a statement whose lines do not sum to it fails, to the penny', () => {
  const given = (total: string, ...amounts: string[]) =>
    ({ number: 'x', totalGbp: total, lines: amounts.map((amountGbp) => ({ amountGbp })) }) as Statement
  expect(checkStatement(given('0.30', '0.10', '0.20')).ok).toBe(true)
  expect(checkStatement(given('-0.10', '0.10', '-0.20')).ok).toBe(true)
  expect(checkStatement(given('0.31', '0.10', '0.20')).ok).toBe(false)
  expect(checkStatement(given('0.00')).ok).toBe(false)
})

test('a lost measurement and a depot whose meter and hub disagree fail', () => {
  expect([checkMeasurements(10, 10).ok, checkMeasurements(9, 10).ok, checkMeasurements(0, 0).ok]).toEqual([
    true,
    false,
    false,
  ])
  const figures = (hub: number, metered: number) => ({
    measurements: 1,
    breaches: 0,
    meteredWh: metered,
    hubEvWh: new Map([['c', hub]]),
    meteredByConnectionWh: new Map([['c', metered]]),
  })
  expect(checkEnergy(figures(200_500, 200_000)).ok).toBe(true)
  expect(checkEnergy(figures(203_000, 200_000)).ok).toBe(false)
  expect(checkEnergy({ ...figures(0, 0), hubEvWh: new Map(), meteredByConnectionWh: new Map() }).ok).toBe(false)
})
