import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type ChargingProfile,
  connectorLimit,
  type InstalledProfile,
  profileFault,
  unitLimit,
  withoutProfiles,
  withProfile,
} from './charging-profiles.ts'

const t0 = Date.parse('2026-01-15T12:00:00Z')
const iso = (offsetS: number) => new Date(t0 + offsetS * 1000).toISOString()
const transaction = { transactionId: 5, startedMs: t0 }

function profile(change: Partial<ChargingProfile> = {}, limit = 10, unit: 'A' | 'W' = 'A'): ChargingProfile {
  return {
    chargingProfileId: 1,
    stackLevel: 0,
    chargingProfilePurpose: 'TxProfile',
    chargingProfileKind: 'Absolute',
    chargingSchedule: {
      startSchedule: iso(0),
      chargingRateUnit: unit,
      chargingSchedulePeriod: [{ startPeriod: 0, limit }],
    },
    ...change,
  }
}
const at = (connectorId: number, p: ChargingProfile): InstalledProfile => ({ connectorId, profile: p })
const limitAt = (installed: InstalledProfile[], offsetS: number) =>
  connectorLimit(installed, 1, transaction, t0 + offsetS * 1000).limitW

describe('the stack of profiles', () => {
  test('an expired profile falls away, so that silence ends at the standing default', () => {
    const standing = at(0, profile({ chargingProfileId: 9, chargingProfilePurpose: 'TxDefaultProfile' }, 6))
    const short = at(1, profile({ stackLevel: 1, validTo: iso(300) }, 32))
    expect(limitAt([standing, short], 299)).toBe(7_360)
    expect(limitAt([standing, short], 300)).toBe(1_380)
  })

  test('a profile does not hold before validFrom or before its schedule starts', () => {
    expect(limitAt([at(1, profile({ validFrom: iso(60) }))], 59)).toBeNull()
    const later = profile()
    later.chargingSchedule.startSchedule = iso(60)
    expect(limitAt([at(1, later)], 59)).toBeNull()
    expect(limitAt([at(1, later)], 60)).toBe(2_300)
  })

  test('the highest stack level counts while it has a limit, then the next', () => {
    const high = profile({ chargingProfileId: 2, stackLevel: 3 }, 20)
    high.chargingSchedule.duration = 100
    const low = profile({ stackLevel: 1 }, 8)
    expect([limitAt([at(1, low), at(1, high)], 50), limitAt([at(1, low), at(1, high)], 100)]).toEqual([4_600, 1_840])
  })

  test('a default of the connector goes before one of the unit on the same level', () => {
    const unit = at(0, profile({ chargingProfileId: 1, chargingProfilePurpose: 'TxDefaultProfile' }, 32))
    const own = at(1, profile({ chargingProfileId: 2, chargingProfilePurpose: 'TxDefaultProfile' }, 10))
    expect(limitAt([unit, own], 1)).toBe(2_300)
    expect(connectorLimit([unit, own], 2, transaction, t0).limitW).toBe(7_360)
  })

  test('limits in W are taken as they are; a limit of the unit stands beside', () => {
    expect(limitAt([at(1, profile({}, 3_000, 'W'))], 0)).toBe(3_000)
    expect(unitLimit([at(0, profile({ chargingProfilePurpose: 'ChargePointMaxProfile' }))], t0).limitW).toBe(2_300)
  })

  test('a daily profile recurs', () => {
    const daily = profile({ chargingProfileKind: 'Recurring', recurrencyKind: 'Daily' })
    daily.chargingSchedule.duration = 3_600
    const seen = [0, 3_599, 3_600, 86_399, 86_400, 90_000].map((s) => limitAt([at(1, daily)], s))
    expect(seen).toEqual([2_300, 2_300, null, null, 2_300, null])
  })

  test('a relative profile counts from the start of the transaction', () => {
    const relative = profile({ chargingProfileKind: 'Relative' })
    relative.chargingSchedule.chargingSchedulePeriod.push({ startPeriod: 60, limit: 16 })
    expect([limitAt([at(1, relative)], 59), limitAt([at(1, relative)], 60)]).toEqual([2_300, 3_680])
  })
})

describe('installing', () => {
  test('the same id, or the same purpose and level on the connector, gives way', () => {
    const first = withProfile([], at(1, profile()))
    expect(withProfile(first, at(1, profile({ chargingProfileId: 2 })))).toHaveLength(1)
    expect(withProfile(first, at(2, profile({ chargingProfileId: 2 })))).toHaveLength(2)
    expect(withProfile(first, at(2, profile({ stackLevel: 4 })))).toHaveLength(1)
  })

  test('clearing takes one by its id, or all that fit every criterion', () => {
    const held = [at(1, profile()), at(2, profile({ chargingProfileId: 2, stackLevel: 1 }))]
    expect(withoutProfiles(held, { id: 2 })).toEqual([held[0]])
    expect(withoutProfiles(held, { connectorId: 1, stackLevel: 1 })).toEqual(held)
    expect(withoutProfiles(held, { stackLevel: 0 })).toEqual([held[1]])
    expect(withoutProfiles(held, {})).toEqual([])
  })

  const noStart = profile()
  delete noStart.chargingSchedule.startSchedule
  const lateStart = profile()
  lateStart.chargingSchedule.chargingSchedulePeriod = [{ startPeriod: 5, limit: 6 }]
  const unordered = profile()
  unordered.chargingSchedule.chargingSchedulePeriod.push({ startPeriod: 0, limit: 6 })
  test.each([
    ['an absolute profile without startSchedule', noStart, 1, transaction],
    ['a first period that does not start at 0', lateStart, 1, transaction],
    ['periods that do not ascend', unordered, 1, transaction],
    ['a TxProfile without a transaction', profile(), 1, null],
    ['another transaction’s profile', profile({ transactionId: 6 }), 1, transaction],
    [
      'a limit of the unit on a connector',
      profile({ chargingProfilePurpose: 'ChargePointMaxProfile' }),
      1,
      transaction,
    ],
    ['an unknown connector', profile({ chargingProfilePurpose: 'TxDefaultProfile' }), 3, transaction],
    ['a stack level beyond the greatest', profile({ stackLevel: 11 }), 1, transaction],
    ['a negative limit', profile({}, -1), 1, transaction],
  ])('%s is refused', (_what, p, connectorId, tx) => {
    expect(profileFault(p, connectorId, 2, tx)).not.toBeNull()
  })

  test('a proper profile is not', () => {
    expect(profileFault(profile({ transactionId: 5 }), 1, 2, transaction)).toBeNull()
  })
})

/** Times on a grid of seconds around t0, so that a naive reading second by second finds every change. */
const second = fc.integer({ min: -50, max: 200 })
const anyProfile = fc
  .record({
    id: fc.integer({ min: 1, max: 50 }),
    stackLevel: fc.integer({ min: 0, max: 3 }),
    own: fc.boolean(),
    from: fc.option(second),
    to: fc.option(second),
    start: second,
    duration: fc.option(fc.integer({ min: 1, max: 150 })),
    limits: fc.array(fc.integer({ min: 0, max: 32 }), { minLength: 1, maxLength: 4 }),
    step: fc.integer({ min: 1, max: 60 }),
  })
  .map(({ id, stackLevel, own, from, to, start, duration, limits, step }): ChargingProfile => {
    const chargingSchedulePeriod = limits.map((limit, i) => ({ startPeriod: i * step, limit }))
    return {
      chargingProfileId: id,
      stackLevel,
      chargingProfileKind: 'Absolute',
      chargingProfilePurpose: own ? 'TxProfile' : 'TxDefaultProfile',
      ...(from === null ? {} : { validFrom: iso(from) }),
      ...(to === null ? {} : { validTo: iso(to) }),
      chargingSchedule: {
        startSchedule: iso(start),
        chargingRateUnit: 'A',
        chargingSchedulePeriod,
        ...(duration === null ? {} : { duration }),
      },
    }
  })

/** The rule read off the specification, without any thought of speed. */
function naiveLimitW(installed: readonly InstalledProfile[], s: number): number | null {
  const held = (p: ChargingProfile): number | null => {
    const offset = s - (Date.parse(p.chargingSchedule.startSchedule ?? '') - t0) / 1000
    if (p.validFrom && s < (Date.parse(p.validFrom) - t0) / 1000) return null
    if (p.validTo && s >= (Date.parse(p.validTo) - t0) / 1000) return null
    if (offset < 0 || offset >= (p.chargingSchedule.duration ?? 1e9)) return null
    return p.chargingSchedule.chargingSchedulePeriod.filter((x) => x.startPeriod <= offset).at(-1)?.limit ?? null
  }
  for (const purpose of ['TxProfile', 'TxDefaultProfile'])
    for (let level = 3; level >= 0; level--)
      for (const { profile: p } of installed) {
        const limit = p.chargingProfilePurpose === purpose && p.stackLevel === level ? held(p) : null
        if (limit !== null) return limit * 230
      }
  return null
}

test('the composite limit is what the specification says, and holds until it says it does', () => {
  fc.assert(
    fc.property(fc.array(anyProfile, { maxLength: 6 }), (profiles) => {
      const installed = profiles.reduce((all: InstalledProfile[], p) => withProfile(all, at(1, p)), [])
      for (let s = -60; s < 220; s++) {
        const { limitW, untilMs } = connectorLimit(installed, 1, transaction, t0 + s * 1000)
        expect(limitW).toBe(naiveLimitW(installed, s))
        expect(untilMs).toBeGreaterThan(t0 + s * 1000)
        // Every second is read, so it is enough that the last one before the change still agrees with the first.
        const last = Math.min(219, Math.ceil((untilMs - t0) / 1000) - 1)
        expect(naiveLimitW(installed, last)).toBe(limitW)
      }
    }),
    { numRuns: 60 },
  )
})
