import { Instant } from '@js-joda/core'
import { describe, expect, test } from 'vitest'
import type { EvScheduleData } from '../../schemas/fsp/registers/calendars.ts'
import { horizonEnd, needOf, runsBetween } from './needs.ts'
import { stateOfCharge } from './state-of-charge.ts'

const at = (text: string) => Instant.parse(text)
const thursday = at('2026-01-15T18:00:00Z')
const schedule: EvScheduleData = {
  depotId: 'yard',
  weekly: [
    { weekday: 'friday', leavesAt: '07:00', needWh: 18_000 },
    { weekday: 'monday', leavesAt: '06:30', needWh: 27_000 },
  ],
  exceptions: [],
  chargesEverySecondDay: false,
  reservePercent: 20,
}
const soc = (share: number) => ({ share, basis: 'telematics' as const, reportedMs: 1 })
const of = (change: Partial<EvScheduleData>, share: number | null) =>
  needOf(thursday, {
    schedule: { ...schedule, ...change },
    usableBatteryWh: 50_000,
    soc: share === null ? null : soc(share),
    takenWh: 0,
    typicalWh: null,
    said: null,
    country: 'ENG',
  })

test('H10 schedules count to the end of the second working day after today, over weekends, bank holidays and the change of clocks', () => {
  const end = (now: string) => horizonEnd(at(now), 'ENG').toString()
  expect([end('2026-01-15T18:00:00Z'), end('2026-01-16T18:00:00Z')]).toEqual([
    '2026-01-20T00:00:00Z',
    '2026-01-21T00:00:00Z',
  ])
  // Thursday before Easter: Tuesday and Wednesday after it, which end in summer time.
  expect(end('2026-04-02T12:00:00Z')).toBe('2026-04-08T23:00:00Z')
})

test('H14 a vehicle is to leave with the energy of its next run and its reserve', () => {
  // 18 kWh and 20 % of 50 kWh are 28 kWh; 40 % are 20 kWh. 8 kWh through a charger of 0.9.
  expect(of({}, 0.4)).toEqual({
    departureMs: at('2026-01-16T07:00:00Z').toEpochMilli(),
    missingWh: expect.closeTo(8_000 / 0.9, 6),
    basis: 'schedule',
  })
  expect(of({}, 0.9).missingWh).toBe(0)
})

test('H19 one that charges every second day leaves with the energy of both working days, as far as its battery holds it', () => {
  // 18 + 27 + 10 kWh of reserve are more than 50 kWh: full, from 40 %.
  expect(of({ chargesEverySecondDay: true }, 0.4).missingWh).toBeCloseTo(30_000 / 0.9, 6)
})

test('H14 an exception of a day goes before the week, and a vehicle without a run in time is in no hurry', () => {
  const stays = { exceptions: [{ day: '2026-01-16', runs: [] }] }
  expect(of(stays, 0.4).departureMs).toBe(at('2026-01-19T06:30:00Z').toEpochMilli())
  expect(of({ weekly: [] }, 0.4)).toEqual({
    departureMs: at('2026-01-20T00:00:00Z').toEpochMilli(),
    missingWh: 0,
    basis: 'schedule',
  })
})

test('H14 departures are local times, in summer as in winter', () => {
  const runs = runsBetween(schedule, at('2026-06-05T00:00:00Z'), at('2026-06-06T00:00:00Z'))
  expect(runs).toEqual([{ atMs: at('2026-06-05T06:00:00Z').toEpochMilli(), needWh: 18_000 }])
})

test('H10 without a schedule a vehicle leaves on the next working morning: full if its charge is reported, else with its usual energy', () => {
  const without = (share: number | null, typicalWh: number | null) =>
    needOf(thursday, {
      schedule: null,
      usableBatteryWh: 50_000,
      soc: share === null ? null : soc(share),
      takenWh: 5_000,
      typicalWh,
      said: null,
      country: 'ENG',
    })
  expect(without(0.4, null)).toEqual({
    departureMs: at('2026-01-16T06:00:00Z').toEpochMilli(),
    missingWh: expect.closeTo(30_000 / 0.9, 6),
    basis: 'assumed',
  })
  expect([without(null, 12_000).missingWh, without(null, null).missingWh]).toEqual([7_000, 15_000])
})

test('H10 a depot keeps the bank holidays of its own country: 2 January is a working day in England and not in Scotland', () => {
  const newYear = at('2026-01-01T18:00:00Z')
  expect([horizonEnd(newYear, 'ENG'), horizonEnd(newYear, 'SCT')].map(String)).toEqual([
    '2026-01-06T00:00:00Z',
    '2026-01-07T00:00:00Z',
  ])
  const leaves = (country: 'ENG' | 'SCT') =>
    needOf(newYear, {
      schedule: null,
      usableBatteryWh: null,
      soc: null,
      takenWh: 0,
      typicalWh: null,
      said: null,
      country,
    }).departureMs
  expect([leaves('ENG'), leaves('SCT')]).toEqual([
    at('2026-01-02T06:00:00Z').toEpochMilli(),
    at('2026-01-05T06:00:00Z').toEpochMilli(),
  ])
})

const hour = 3_600_000
const charge = { startMs: 100 * hour, startWh: 1_000, lastWh: 11_000 }
const socOf = (
  reading: { atMs: number; socPercent: number; registerWh: number | null } | null,
  typicalWh: number | null,
) => stateOfCharge({ usableBatteryWh: 45_000, charge, reading, typicalWh })

test('H9 a state of charge is what telematics reported, with what the socket metered since', () => {
  // 5 kWh metered since, of which 4.5 reach a battery of 45 kWh: a tenth.
  expect(socOf({ atMs: 101 * hour, socPercent: 50, registerWh: 6_000 }, null)).toEqual({
    share: expect.closeTo(0.6, 9),
    basis: 'telematics-and-register',
    reportedMs: 101 * hour,
  })
  expect(socOf({ atMs: 102 * hour, socPercent: 50, registerWh: 11_000 }, null)).toMatchObject({
    share: 0.5,
    basis: 'telematics',
  })
  // Reported on arrival, half an hour before: the whole charge of 10 kWh counts, a fifth.
  expect(socOf({ atMs: 99.5 * hour, socPercent: 95, registerWh: 500 }, null)?.share).toBe(1)
  expect(socOf({ atMs: 99.5 * hour, socPercent: 30, registerWh: 500 }, null)?.share).toBeCloseTo(0.5, 9)
})

test('H9 a reading from before the last drive says nothing: the state is estimated from the usual need, and that is stated', () => {
  const old = { atMs: 90 * hour, socPercent: 90, registerWh: null }
  // It usually takes 25 kWh, so it came with half; 10 kWh metered are a fifth more.
  expect(socOf(old, 25_000)).toEqual({ share: expect.closeTo(0.7, 9), basis: 'register', reportedMs: null })
  expect(socOf(old, null)).toBeNull()
})

describe('I18 what a vehicle says itself', () => {
  const said = { energyWh: 24_000, departureMs: at('2026-01-16T05:30:00Z').toEpochMilli(), takenSinceWh: 4_000 }
  const need = (change: Partial<typeof said> | { departureMs: null; energyWh: null }, isScheduled: boolean) =>
    needOf(thursday, {
      schedule: isScheduled ? schedule : null,
      usableBatteryWh: 50_000,
      soc: soc(0.4),
      takenWh: 10_000,
      typicalWh: null,
      said: { ...said, ...change },
      country: 'ENG',
    })

  test('takes the place of what is assumed: when it leaves, and what it asked for less what it has taken since', () => {
    expect(need({}, false)).toEqual({ departureMs: said.departureMs, missingWh: 20_000, basis: 'vehicle' })
    expect(need({ takenSinceWh: 30_000 }, false).missingWh).toBe(0)
    // It does not say when: the next working morning at 06:00.
    const morningMs = at('2026-01-16T06:00:00Z').toEpochMilli()
    const silent = { departureMs: null, energyWh: 24_000 } as never
    expect(need(silent, false)).toEqual({ departureMs: morningMs, missingWh: 20_000, basis: 'vehicle' })
    expect(need({ departureMs: thursday.toEpochMilli() - 1 }, false).departureMs).toBe(morningMs)
    // It says nothing: 60 % of 50 kWh through a charger of 0.9.
    expect(need({ departureMs: null, energyWh: null }, false)).toEqual({
      departureMs: morningMs,
      missingWh: expect.closeTo(30_000 / 0.9, 6),
      basis: 'assumed',
    })
  })

  test('can be earlier than the schedule, and changes nothing else of it', () => {
    const missingWh = expect.closeTo(8_000 / 0.9, 6)
    expect(need({}, true)).toEqual({ departureMs: said.departureMs, missingWh, basis: 'vehicle' })
    const later = { departureMs: at('2026-01-16T09:00:00Z').toEpochMilli() }
    const own = at('2026-01-16T07:00:00Z').toEpochMilli()
    expect(need(later, true)).toEqual({ departureMs: own, missingWh, basis: 'schedule' })
  })

  test('is its state of charge, with what was charged since', () => {
    const charge = { startMs: thursday.toEpochMilli(), startWh: 0, lastWh: 5_000 }
    const reading = { atMs: charge.startMs + 60_000, socPercent: 40, registerWh: 1_000, isSaid: true }
    // 4 kWh at 0.9 are 3.6 kWh, 7.2 % of 50 kWh.
    expect(stateOfCharge({ usableBatteryWh: 50_000, charge, reading, typicalWh: null })).toEqual({
      share: expect.closeTo(0.472, 9),
      basis: 'vehicle',
      reportedMs: reading.atMs,
    })
  })
})
