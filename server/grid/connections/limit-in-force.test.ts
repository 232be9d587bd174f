import { LocalDate } from '@js-joda/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { exportLimitInForce, type Imposed, limitInForce, nothingImposed } from './limit-in-force.ts'
import type { ConnectionTerms } from './rules.ts'

const day = LocalDate.parse('2026-01-15')
const moment = { day, minuteOfDay: 17 * 60 }

/** ASC 240 kVA × 0.95 = 228 kW; a profile in kW, or none. */
function terms(profileKw: number | null): ConnectionTerms {
  const steps = [{ from: '00:00', limitW: (profileKw ?? 0) * 1_000 }]
  const limits = { weekday: steps, weekend: steps }
  const agreement = { validFrom: day, validTo: day, fallbackLimitW: null, limits }
  return { ascKva: 240, powerFactor: 0.95, agreements: profileKw === null ? [] : [agreement] }
}

const dynamic = (dynamicW: number): Imposed => ({ ...nothingImposed, dynamicW })
const failSafe = (limitW: number): Imposed => ({ ...nothingImposed, failSafe: { limitW, sinceMs: 1 } })
const dispatch = (unitsW: number): Imposed => ({ ...nothingImposed, dispatch: { unitsW, sinceMs: 2 } })

test.each([
  ['the profile', terms(170), nothingImposed, null, 170_000, 'profile'],
  ['the ASC without a profile', terms(null), nothingImposed, null, 228_000, 'asc'],
  ['the ASC where the profile is higher', terms(300), nothingImposed, null, 228_000, 'asc'],
  ['a fail-safe limit below the profile', terms(170), failSafe(90_000), null, 90_000, 'fail-safe'],
  ['the profile where the fail-safe limit is higher', terms(170), failSafe(200_000), null, 170_000, 'profile'],
  ['a dynamic limit below the profile', terms(170), dynamic(60_000), null, 60_000, 'dynamic'],
  ['a dynamic limit below the ASC', terms(null), dynamic(60_000), null, 60_000, 'dynamic'],
  ['the profile where the dynamic limit is the same', terms(170), dynamic(170_000), null, 170_000, 'profile'],
  // 50 kW for the FUs and 60 kW for the rest of the site.
  ['what a dispatch implies for the site', terms(170), dispatch(50_000), 60_000, 110_000, 'dispatch'],
  ['the profile where the rest of the site is unknown', terms(170), dispatch(50_000), null, 170_000, 'profile'],
  ['the agreed one of two equal limits', terms(170), failSafe(170_000), null, 170_000, 'profile'],
] as const)('the limit in force is %s', (_, own, imposed, restW, limitW, source) => {
  expect(limitInForce(own, moment, imposed, restW)).toMatchObject({ limitW, source })
})

test('is never above any limit that applies, and names one that does', () => {
  const watts = fc.nat(400_000)
  const imposed = fc.record({
    failSafe: fc.option(fc.record({ limitW: watts, sinceMs: fc.nat() })),
    dispatch: fc.option(fc.record({ unitsW: watts, sinceMs: fc.nat() })),
    dynamicW: fc.option(watts),
  })
  fc.assert(
    fc.property(fc.option(fc.nat(400)), imposed, fc.option(watts), (profileKw, given, restW) => {
      const found = limitInForce(terms(profileKw), moment, given, restW)
      const all = [228_000, ...(profileKw === null ? [] : [profileKw * 1_000])]
      if (given.dynamicW !== null) all.push(given.dynamicW)
      if (given.failSafe) all.push(given.failSafe.limitW)
      if (given.dispatch && restW !== null) all.push(given.dispatch.unitsW + restW)
      expect(found.limitW).toBe(Math.min(...all))
      expect(found.applying[0]).toEqual({ limitW: found.limitW, source: found.source })
      expect(found.applying).toHaveLength(all.length)
    }),
  )
})

test.each([
  // By hand: 50 kVA × 0.95.
  ['stated', 50, { limitW: 47_500, source: 'export-capacity' }],
  ['no export allowed', 0, { limitW: 0, source: 'export-capacity' }],
  ['not stated', null, null],
  ['absent', undefined, null],
] as const)('TDB05 an export capacity that is %s', (_, exportKva, limit) => {
  expect(exportLimitInForce({ powerFactor: 0.95, ...(exportKva === undefined ? {} : { exportKva }) })).toEqual(limit)
})
