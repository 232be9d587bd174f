import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { assessFu, type FuStanding } from './dispatch-rules.ts'
import { type Assessment, assess, meanW, type Observation, type Standing } from './rules.ts'

const minute = 60_000
const holdMs = 3 * minute
/** 2026-01-15T17:00:00Z, the start of a settlement period. */
const start = Date.UTC(2026, 0, 15, 17)

/** Assesses a load minute by minute from `start`. */
function run(loadsW: readonly (number | null)[], limitAt: (n: number) => number = () => 100_000): Assessment[] {
  let before: Standing | null = null
  return loadsW.map((importW, n) => {
    const assessment: Assessment = assess(before, { atMs: start + n * minute, importW, limitW: limitAt(n), holdMs })
    before = assessment.standing
    return assessment
  })
}

const states = (assessments: readonly Assessment[]) => assessments.map((j) => j.standing.state)

describe('states', () => {
  test('compliant, at risk from 95 % of the limit, breach above it, unknown without data', () => {
    expect(states(run([94_999, 95_000, 100_000, 100_001, null]))).toEqual([
      'compliant',
      'at-risk',
      'at-risk',
      'breach',
      'unknown',
    ])
  })

  test('a limit of 0 W is kept by 0 W and by export', () => {
    expect(states(run([0, -500, 1], () => 0))).toEqual(['compliant', 'compliant', 'breach'])
  })

  test('the mean over the settlement period keeps a breach open after the import has fallen, until the next period', () => {
    const loads = [...Array(20).fill(150_000), ...Array(12).fill(60_000)]
    const after = states(run(loads))
    expect(after[20]).toBe('breach')
    expect(after[29]).toBe('breach')
    expect(after[31]).toBe('compliant')
  })

  test('when the limit changes the mean restarts: what was allowed before is not a breach now', () => {
    const loads = [...Array(15).fill(150_000), ...Array(10).fill(90_000)]
    expect(new Set(states(run(loads, (n) => (n < 15 ? 170_000 : 100_000))))).toEqual(new Set(['compliant']))
  })

  test('a constant load at the limit is never a breach by rounding', () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 1e9, noNaN: true }), (limitW) => {
        expect(states(run(Array(29).fill(limitW), () => limitW))).not.toContain('breach')
      }),
    )
  })
})

describe('breaches', () => {
  test('a breach records its start, its peak excess and its excess energy', () => {
    const assessments = run([90_000, 130_000, 160_000, 10_000, 10_000, 10_000, 10_000])
    const last = assessments.find((j) => j.ended)
    expect(last?.ended).toMatchObject({ startMs: start + minute, peakExcessW: 60_000 })
    expect(last?.ended?.excessWh).toBeCloseTo((30_000 + 60_000) / 60)
  })

  test('FM28 while nothing is measured a breach neither ends nor grows', () => {
    const assessments = run([130_000, null, null, 130_000])
    expect(assessments.map((j) => j.ended)).toEqual([null, null, null, null])
    expect(assessments[3]?.standing.breach?.excessWh).toBeCloseTo(30_000 / 60)
  })

  test('FM28 a value counts for no longer than its hub’s time-out', () => {
    const first = assess(null, { atMs: start, importW: 130_000, limitW: 100_000, holdMs })
    const later = assess(first.standing, { atMs: start + 60 * minute, importW: 130_000, limitW: 100_000, holdMs })
    expect(later.standing.breach?.excessWh).toBeCloseTo((30_000 * 3) / 60)
  })

  test('figures agree with a naive sum for any load and limits', () => {
    const load = fc.option(fc.integer({ min: 0, max: 200_000 }), { nil: null })
    fc.assert(
      fc.property(fc.array(load, { minLength: 2, maxLength: 90 }), (loads) => {
        const assessments = run(loads)
        const total = [...assessments.map((j) => j.ended), assessments.at(-1)?.standing.breach ?? null]
          .filter((b) => b !== null)
          .reduce((sum, b) => sum + b.excessWh, 0)
        const naive = loads.slice(0, -1).reduce<number>((sum, w) => sum + Math.max(0, (w ?? 0) - 100_000) / 60, 0)
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

  test('a breach is open exactly while the state is breach, or unknown after it', () => {
    const load = fc.option(fc.integer({ min: 0, max: 200_000 }), { nil: null })
    fc.assert(
      fc.property(fc.array(load, { minLength: 1, maxLength: 60 }), (loads) => {
        let open = false
        for (const { standing, ended } of run(loads)) {
          if (standing.state === 'breach') open = true
          else if (standing.state !== 'unknown') open = false
          expect(standing.breach !== null).toBe(open)
          if (ended) expect(open).toBe(false)
        }
      }),
    )
  })

  test('a repeated or late evaluation changes no sum', () => {
    const now: Observation = { atMs: start + minute, importW: 130_000, limitW: 100_000, holdMs }
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
