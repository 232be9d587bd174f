import { Instant, LocalDate } from '@js-joda/core'
import { describe, expect, test } from 'vitest'
import { operations } from '../../../schemas/operations.ts'
import { dayStart, periodStarts } from '../../../schemas/vocabulary/time.ts'
import { startDispatchRig } from '../../../test/support/dispatch.ts'
import { type ForecastDay, suggestedWindows } from './rules.ts'

/** A day at 100 kW against a target of 120 kW, with other loads in local quarter-hours counted from midnight, W. */
function dayOf(text: string, peaks: Record<number, number>): ForecastDay {
  const day = LocalDate.parse(text)
  const loads = new Map(periodStarts(day, 'PT15M').map((at, i) => [at.toEpochMilli(), peaks[i] ?? 100_000]))
  return { day, loads, targetW: 120_000 }
}

describe('a requirement from forecasts', () => {
  test('has the greatest need of each weekday in its unbroken times, in whole kW', () => {
    // Mondays: 30.2 kW over from 17:00 on one, 45 kW over from 17:15 on the other; Tuesday 7 kW over in the last quarter-hour.
    const days = [
      dayOf('2026-01-05', { 68: 150_200, 69: 130_000 }),
      dayOf('2026-01-12', { 69: 165_000, 80: 120_000 }),
      dayOf('2026-01-06', { 95: 127_000 }),
      dayOf('2026-01-07', {}),
    ]
    expect(suggestedWindows(days)).toEqual([
      {
        window: { weekdays: ['monday'], from: '17:00', to: '17:30', requiredW: 45_000 },
        peakFrom: '2026-01-12T17:15:00Z',
        peakLoadW: 165_000,
        peakTargetW: 120_000,
        daysWithNeed: 2,
        daysForecast: 2,
      },
      {
        window: { weekdays: ['tuesday'], from: '23:45', to: '24:00', requiredW: 7_000 },
        peakFrom: '2026-01-06T23:45:00Z',
        peakLoadW: 127_000,
        peakTargetW: 120_000,
        daysWithNeed: 1,
        daysForecast: 1,
      },
    ])
  })

  test('weekdays with the same window share it, with the greatest of their peaks', () => {
    const [shared, ...others] = suggestedWindows([
      dayOf('2026-01-05', { 68: 149_500 }),
      dayOf('2026-01-06', { 68: 150_000 }),
    ])
    expect(others).toEqual([])
    expect(shared).toMatchObject({
      window: { weekdays: ['monday', 'tuesday'], from: '17:00', to: '17:15', requiredW: 30_000 },
      peakLoadW: 150_000,
      daysWithNeed: 2,
      daysForecast: 2,
    })
  })

  test('of reverse power is for turn-up, and load above a target is none', () => {
    // 150.2 kW of net export at noon against 120 kW of reverse power; the evening's load is no matter of turn-up.
    const days = [dayOf('2026-01-05', { 48: -150_200, 49: -120_000, 68: 900_000 })]
    expect(suggestedWindows(days, 'turn-up')).toEqual([
      {
        window: { weekdays: ['monday'], from: '12:00', to: '12:15', requiredW: 31_000 },
        peakFrom: '2026-01-05T12:00:00Z',
        peakLoadW: -150_200,
        peakTargetW: 120_000,
        daysWithNeed: 1,
        daysForecast: 1,
      },
    ])
  })

  test('times are local in summer', () => {
    const day = LocalDate.parse('2026-07-06')
    const loads = new Map([
      [
        dayStart(day)
          .plusSeconds(17 * 3_600)
          .toEpochMilli(),
        121_000,
      ],
    ])
    const [found] = suggestedWindows([{ day, loads, targetW: 120_000 }])
    expect(found).toMatchObject({ window: { from: '17:00' }, peakFrom: '2026-07-06T16:00:00Z' })
  })
})

test('the figures of a zone say what is known and what is not, and its windows are a tender’s', async () => {
  const { engineer } = await startDispatchRig(Instant.parse('2026-01-14T09:00:00Z'))
  const params = { nodeId: 'sec' }
  await engineer.ask(operations.setTargetLevel, { params, body: { targetW: 300_000 } })
  const values = Array.from({ length: 96 }, (_, i) => (i >= 68 && i < 72 ? 341_300 : 250_000))
  await engineer.ask(operations.saveLoadForecast, {
    params: { ...params, day: '2026-01-15' },
    body: { resolution: 'PT15M', values },
  })
  const query = { from: '2026-01-14', to: '2026-01-20' }
  const { status, body } = await engineer.ask(operations.suggestRequirement, { params, query })
  const window = { weekdays: ['thursday'], from: '17:00', to: '18:00', requiredW: 42_000 }
  expect({ status, body }).toMatchObject({
    status: 200,
    body: {
      zoneName: 'Almeida St',
      windows: [{ window, peakLoadW: 341_300, peakTargetW: 300_000, daysWithNeed: 1, daysForecast: 1 }],
      greatestNeedW: 41_300,
      isTargetSet: true,
      daysForecast: 1,
      daysWithoutForecast: 6,
    },
  })
  const ofTurnUp = { ...query, direction: 'turn-up' }
  const unknown = await engineer.ask(operations.suggestRequirement, { params, query: ofTurnUp })
  expect(unknown).toMatchObject({ status: 409, body: { detail: expect.stringContaining('no reverse target') } })
  await engineer.ask(operations.setTargetLevel, { params, body: { targetW: 300_000, reverseTargetW: 100_000 } })
  await engineer.ask(operations.saveLoadForecast, {
    params: { ...params, day: '2026-01-16' },
    body: { resolution: 'PT15M', values: values.map((_, i) => (i >= 48 && i < 50 ? -140_500 : 250_000)) },
  })
  const up = await engineer.ask(operations.suggestRequirement, { params, query: ofTurnUp })
  // By hand: 140.5 kW of net export, 40.5 kW over 100 kW, asked for as 41 kW.
  expect(up.body).toMatchObject({
    direction: 'turn-up',
    windows: [{ window: { weekdays: ['friday'], from: '12:00', to: '12:30', requiredW: 41_000 }, peakLoadW: -140_500 }],
    greatestNeedW: 40_500,
    isTargetSet: true,
    daysForecast: 2,
  })
  const longer = { params, query: { from: '2026-01-14', to: '2027-01-14' } }
  expect((await engineer.ask(operations.suggestRequirement, longer)).status).toBe(422)
  expect((await engineer.ask(operations.suggestRequirement, { params: { nodeId: 'nowhere' }, query })).status).toBe(404)
}, 60_000)
