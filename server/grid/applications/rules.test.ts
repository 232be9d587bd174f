import { LocalDate } from '@js-joda/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { makeRoom, profileTransitions } from './rules.ts'

describe('the life cycle', () => {
  test('every state answers every event, and final states stay final', () => {
    expect(
      Object.entries(profileTransitions).map(([state, row]) => [state, Object.values(row).filter((s) => s !== null)]),
    ).toEqual([
      ['applied', ['applied', 'approved', 'rejected']],
      ['approved', ['superseded', 'expired']],
      ['rejected', []],
      ['superseded', []],
      ['expired', []],
    ])
  })

  test('after making room nothing overlaps, and no day outside the new version loses its agreement', () => {
    const iso = (n: number) => LocalDate.ofEpochDay(20_000 + n).toString()
    const next = (day: string, by: 1 | -1) => LocalDate.parse(day).plusDays(by).toString()
    const ranges = fc.uniqueArray(fc.nat(60), { minLength: 2, maxLength: 8 }).map((cuts) => {
      const sorted = cuts.toSorted((a, b) => a - b)
      return sorted.slice(0, -1).map((from, n) => ({ validFrom: iso(from), validTo: iso((sorted[n + 1] ?? 0) - 1) }))
    })
    fc.assert(
      fc.property(ranges, fc.nat(60), fc.nat(30), (present, from, length) => {
        const given = { validFrom: iso(from), validTo: iso(from + length) }
        const changes = makeRoom(present, given, next)
        if (changes.some((c) => c.kind === 'split')) return
        const after = present.flatMap((p) => {
          const change = changes.find((c) => c.version === p)
          if (!change) return [p]
          return change.kind === 'shortened' ? [change.range] : []
        })
        for (let n = -2; n < 95; n++) {
          const day = iso(n)
          const holds = (list: readonly { validFrom: string; validTo: string }[]) =>
            list.filter((r) => r.validFrom <= day && day <= r.validTo).length
          expect(holds([...after, given])).toBeLessThanOrEqual(1)
          if (holds([given]) === 0) expect(holds(after)).toBe(holds(present))
        }
      }),
    )
  })
})
