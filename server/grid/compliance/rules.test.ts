import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { complianceSettings } from '../../../schemas/settings/telemetry.ts'
import { assessFu, type FuStanding } from './dispatch-rules.ts'
import { type Assessment, assess, type ComplianceFigures, meanW, type Observation, type Standing } from './rules.ts'

const minute = 60_000
const holdMs = 3 * minute
/** 2026-01-15T17:00:00Z, the start of a settlement period. */
const start = Date.UTC(2026, 0, 15, 17)

/** Assesses a load minute by minute from `start`. */
function run(
  loadsW: readonly (number | null)[],
  limitAt: (n: number) => number = () => 100_000,
  given: Partial<ComplianceFigures> = {},
): Assessment[] {
  const figures = { ...complianceSettings.defaults, ...given }
  let before: Standing | null = null
  return loadsW.map((flowW, n) => {
    const assessment: Assessment = assess(
      before,
      { atMs: start + n * minute, flowW, limitW: limitAt(n), holdMs },
      figures,
    )
    before = assessment.standing
    return assessment
  })
}

const states = (assessments: readonly Assessment[]) => assessments.map((j) => j.standing.state)

describe('states', () => {
  // By hand, limit 100 kW: over 101 kW for 60 s begins a breach; 95 kW for 60 s is at risk.
  test('a breach begins after 60 s over 101 % of the limit, at risk after 60 s from 95 %, unknown without data', () => {
    expect(states(run([94_999, 95_000, 95_000, 101_001, 101_001, null]))).toEqual([
      'compliant',
      'compliant',
      'at-risk',
      'at-risk',
      'breach',
      'unknown',
    ])
  })

  test('one reading over the limit, and any time within 1 % of it, is no breach', () => {
    expect(states(run([90_000, 150_000, 90_000, ...Array(20).fill(100_900)]))).not.toContain('breach')
  })

  // By hand: 30 minutes at 100.5 kW are 50.25 kWh where 50 kWh are allowed: exceeded after 29 min 51 s, found at the end of the period.
  test('a load that is 0.5 % over is a breach by the mean of its settlement period, found when that ends', () => {
    expect(states(run(Array(31).fill(100_500))).indexOf('breach')).toBe(30)
  })

  // By hand: 40 kW too much for 20 min are 13.3 kWh; 50 kWh are allowed in all. 20 × 140 / 60 = 46.7 kWh, and 22 min at 140 kW 51.3.
  test('a mean that can no longer keep the limit is a breach at once, and holds the breach to the end of the period', () => {
    const loads = [...Array(23).fill(140_000), ...Array(20).fill(10_000)]
    const off = { breachOverShare: 0.5 }
    const seen = states(run(loads, undefined, off))
    expect(seen.indexOf('breach')).toBe(22)
    // Below 98 % since minute 23; at minute 30 its period is over and five minutes have passed.
    expect([seen[29], seen[30]]).toEqual(['breach', 'breach'])
    expect(seen.lastIndexOf('breach')).toBe(30)
  })

  test('a breach ends after five minutes below 98 % of the limit, and not before', () => {
    const over = Array(3).fill(110_000)
    expect(states(run([...over, ...Array(10).fill(98_000)])).lastIndexOf('breach')).toBe(12)
    expect(states(run([...over, ...Array(10).fill(97_000)])).lastIndexOf('breach')).toBe(7)
    const again = [...over, 97_000, 97_000, 97_000, 99_000, ...Array(8).fill(90_000)]
    expect(states(run(again)).lastIndexOf('breach')).toBe(11)
  })

  test('a load that swings around its limit for an hour is at most one breach', () => {
    const swinging = Array.from({ length: 60 }, (_, n) => (n % 2 === 0 ? 103_000 : 97_000))
    const began = run(swinging).filter((j, n, all) => j.standing.breach && !all[n - 1]?.standing.breach)
    expect(began.length).toBeLessThanOrEqual(1)
    const slow = Array.from({ length: 60 }, (_, n) => (n % 4 < 2 ? 103_000 : 97_000))
    const seen = run(slow).filter((j, n, all) => j.standing.breach && !all[n - 1]?.standing.breach)
    expect(seen.length).toBe(1)
  })

  test('a limit of 0 W is kept by 0 W and by export, and exceeded by a watt for 60 s', () => {
    const seen = states(run([0, -500, 1, 1, ...Array(6).fill(0)], () => 0))
    expect(seen).toEqual([...Array(3).fill('compliant'), ...Array(6).fill('breach'), 'compliant'])
  })

  test('when the limit changes the mean restarts: what was allowed before is not a breach now', () => {
    const loads = [...Array(15).fill(150_000), ...Array(10).fill(90_000)]
    expect(new Set(states(run(loads, (n) => (n < 15 ? 170_000 : 100_000))))).toEqual(new Set(['compliant']))
  })

  test('a constant load at the limit is never a breach by rounding', () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 1e9, noNaN: true }), (limitW) => {
        expect(states(run(Array(65).fill(limitW), () => limitW))).not.toContain('breach')
      }),
    )
  })
})

describe('breaches', () => {
  // By hand: over since minute 1, a breach from minute 2 at 160 kW for a minute and 10 kW after it: 60 kW × 1 min = 1 kWh.
  test('a breach records its start, its peak excess and its excess energy', () => {
    const assessments = run([90_000, 130_000, 160_000, ...Array(30).fill(10_000)])
    const last = assessments.find((j) => j.ended)
    expect(last?.ended).toMatchObject({ startMs: start + 2 * minute, peakExcessW: 60_000 })
    expect(last?.ended?.excessWh).toBeCloseTo(60_000 / 60)
    expect(last?.standing.evaluatedMs).toBe(start + 8 * minute)
  })

  test('FM28 while nothing is measured a breach neither ends nor grows, and delays start anew', () => {
    const assessments = run([130_000, 130_000, null, null, 130_000, 10_000, null, 10_000])
    expect(assessments.map((j) => j.ended)).toEqual(Array(8).fill(null))
    expect(assessments[4]?.standing.breach?.excessWh).toBeCloseTo(30_000 / 60)
    expect(states(run([130_000, null, 130_000]))).not.toContain('breach')
  })

  test('FM28 a value counts for no longer than its hub’s time-out', () => {
    const second = run([130_000, 130_000])[1] as Assessment
    const at = { atMs: start + 61 * minute, flowW: 130_000, limitW: 100_000, holdMs }
    const later = assess(second.standing, at)
    expect(later.standing.breach?.excessWh).toBeCloseTo((30_000 * 3) / 60)
  })

  test('figures agree with a naive sum while a breach is open, for any load', () => {
    const load = fc.option(fc.integer({ min: 0, max: 200_000 }), { nil: null })
    fc.assert(
      fc.property(fc.array(load, { minLength: 2, maxLength: 90 }), (loads) => {
        const assessments = run(loads)
        const total = [...assessments.map((j) => j.ended), assessments.at(-1)?.standing.breach ?? null]
          .filter((b) => b !== null)
          .reduce((sum, b) => sum + b.excessWh, 0)
        const naive = loads.slice(0, -1).reduce<number>((sum, w, n) => {
          const open = assessments[n]?.standing.breach !== null
          return sum + (open ? Math.max(0, (w ?? 0) - 100_000) / 60 : 0)
        }, 0)
        expect(total).toBeCloseTo(naive, 5)
      }),
    )
  })

  test('the running mean agrees with a naive mean of the period', () => {
    const loads = fc.array(fc.integer({ min: 0, max: 90_000 }), { minLength: 2, maxLength: 75 })
    fc.assert(
      fc.property(loads, (given) => {
        const { mean } = (run(given).at(-1) as Assessment).standing
        const last = given.length - 1
        const inPeriod = given.slice(Math.floor(last / 30) * 30, last)
        const naive = inPeriod.reduce((a, b) => a + b, 0) / inPeriod.length
        if (inPeriod.length === 0) expect(meanW(mean)).toBeNull()
        else expect(meanW(mean)).toBeCloseTo(naive, 5)
      }),
    )
  })

  test('while a load is known, a breach is open exactly while the state is breach', () => {
    const load = fc.option(fc.integer({ min: 0, max: 200_000 }), { nil: null })
    fc.assert(
      fc.property(fc.array(load, { minLength: 1, maxLength: 60 }), (loads) => {
        for (const { standing, ended } of run(loads)) {
          if (standing.flowW === null) expect(standing.state).toBe('unknown')
          else expect(standing.breach !== null).toBe(standing.state === 'breach')
          if (ended) expect(standing.breach).toBeNull()
        }
      }),
    )
  })

  test('a repeated or late evaluation changes no sum', () => {
    const now: Observation = { atMs: start + minute, flowW: 130_000, limitW: 100_000, holdMs }
    const once = assess(assess(null, { ...now, atMs: start }).standing, now).standing
    expect(assess(once, now).standing).toEqual(once)
    expect(assess(once, { ...now, atMs: start + minute - 5 }).standing.mean).toEqual(once.mean)
  })
})

describe('limits that a dispatch implies', () => {
  function runFu(loadsW: readonly (number | null)[]) {
    let before: FuStanding | null = null
    return loadsW.map((evW, n) => {
      const observation = { atMs: start + n * minute, evW, limitW: 50_000, limitFromMs: start, holdMs }
      const assessment: ReturnType<typeof assessFu> = assessFu(before, observation)
      before = assessment.standing
      return assessment
    })
  }

  test('an FU that turns down within two minutes is not in breach', () => {
    expect(runFu([120_000, 120_000, ...Array(13).fill(49_000)]).every((j) => j.standing.breach === null)).toBe(true)
  })

  test('an FU that does not turn down is in breach once five minutes count, and out of it when its mean is', () => {
    const assessments = runFu([...Array(9).fill(60_000), ...Array(6).fill(5_000)])
    expect(assessments.findIndex((j) => j.standing.breach)).toBe(7)
    const end = assessments.findIndex((j) => j.ended)
    expect(end).toBeGreaterThan(8)
    expect(assessments[end]?.ended).toMatchObject({ peakExcessW: 10_000, startMs: start + 7 * minute })
  })
})
