import { Instant, LocalDate } from '@js-joda/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isWorkingDay } from '../../../platform/calendar/index.ts'
import type { ProfileLimits } from '../../../schemas/grid/profiles.ts'
import { dayEnd, dayStart } from '../../../schemas/vocabulary/time.ts'
import { limitAt, localMoment } from '../connections/index.ts'
import { judge, type TermsBelow } from './judge.ts'
import type { LoadNode } from './rules.ts'
import { flat, historyDays } from './vectors.ts'

const watts = fc.integer({ min: 0, max: 200 }).map((kw) => kw * 1000)
const steps = fc.tuple(watts, watts, fc.integer({ min: 1, max: 47 })).map(([first, second, n]) => [
  { from: '00:00', limitW: first },
  { from: `${String(Math.floor(n / 2)).padStart(2, '0')}:${n % 2 ? '30' : '00'}`, limitW: second },
])
/** Days with clock changes, bank holidays and the change of the rating season among them. */
const days = fc.oneof(
  fc.constantFrom(
    '2026-03-29',
    '2026-04-03',
    '2026-10-25',
    '2026-10-31',
    '2026-11-01',
    '2026-12-24',
    '2026-12-25',
    '2026-12-28',
  ),
  fc.integer({ min: 0, max: 364 }).map((n) => LocalDate.parse('2026-01-01').plusDays(n).toString()),
)
const limits: fc.Arbitrary<ProfileLimits> = fc.record({
  weekday: steps,
  weekend: steps,
  seasons: fc
    .constantFrom(
      [],
      [['10-20', '01-10']],
      [
        ['03-01', '04-15'],
        ['12-20', '12-27'],
      ],
    )
    .chain((spans) =>
      fc.tuple(
        ...spans.map(([from = '', to = ''], i) =>
          fc.record({ weekday: steps, weekend: steps }).map((of) => ({ name: `s${i}`, from, to, ...of })),
        ),
      ),
    ),
  exceptions: fc.uniqueArray(fc.record({ day: days, steps }), { selector: (e) => e.day, maxLength: 3 }),
})
/** Two versions, one after the other, and what follows. */
const agreements = fc
  .tuple(fc.integer({ min: 0, max: 330 }), limits, limits, fc.option(watts, { nil: null }))
  .map(([n, first, second, fallbackLimitW]) => {
    const change = LocalDate.parse('2026-01-10').plusDays(n)
    const [validFrom, validTo] = [LocalDate.parse('2026-01-01'), change.plusDays(30)]
    return [
      { validFrom, validTo: change.minusDays(1), fallbackLimitW: null, limits: first },
      { validFrom: change, validTo, fallbackLimitW, limits: second },
    ]
  })
const others = fc.array(fc.oneof(agreements, fc.constant([])), { minLength: 1, maxLength: 3 })

const node: LoadNode = {
  nodeId: 'sec',
  name: 'Almeida St',
  kind: 'secondary',
  parentId: null,
  ratingWinterKva: 800,
  ratingSummerKva: 600,
  firmCapacityKva: null,
  maxDemandWinterKva: 100,
  maxDemandSummerKva: 50,
  powerFactor: 0.95,
  diversity: 1,
  reserved: false,
  reservedFor: null,
  reservedKva: null,
}

function naiveCapacityW(day: string): number {
  const month = Number(day.slice(5, 7))
  return month >= 11 || month <= 3 ? 760_000 - 95_000 : 570_000 - 47_500
}

test('an assessment refuses exactly the half-hours of the wall clock that do not fit on one of its days, over seasons, exceptions, versions and clock changes', async () => {
  await fc.assert(
    fc.asyncProperty(others, limits, days, fc.integer({ min: 0, max: 60 }), async (given, wanted, first, length) => {
      const terms = (agreed: TermsBelow['agreements'], i: number): TermsBelow => {
        return {
          connectionId: `c${i}`,
          nodeId: 'sec',
          customer: 'Royal Mail',
          ascKva: 150,
          powerFactor: 0.95,
          agreements: agreed,
        }
      }
      const applicant = terms([], 99)
      const neighbours = given.map(terms)
      const validFrom = LocalDate.parse(first)
      const requested = { validFrom, validTo: validFrom.plusDays(length), limits: wanted }
      const asked = { ...applicant, agreements: [{ ...requested, fallbackLimitW: null }] }
      const { cells } = await judge(requested, {
        nodes: [node],
        connections: [...neighbours, applicant],
        applicant,
        way: [node],
        historyFor: () => ({ nodes: new Map(), connections: new Map() }),
      })
      const found = new Set(
        cells.flatMap((c) => c.periods.flatMap((p) => (p.excessW > 0 ? [`${c.day ?? c.season} ${p.from}`] : []))),
      )
      const singles = new Set(cells.flatMap((c) => (c.day === null ? [] : [c.day])))
      const naive = new Set<string>()
      for (let day = validFrom; !day.isAfter(requested.validTo); day = day.plusDays(1))
        for (let at = dayStart(day); at.isBefore(dayEnd(day)); at = at.plusSeconds(1800)) {
          const moment = localMoment(at)
          const othersW = neighbours.reduce((sum, c) => sum + limitAt(c, moment).limitW, 0)
          const excessW = limitAt(asked, moment).limitW + othersW - naiveCapacityW(day.toString())
          const [hour, minute] = [Math.floor(moment.minuteOfDay / 60), moment.minuteOfDay % 60]
          const time = `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
          const month = Number(day.toString().slice(5, 7))
          const season = month >= 11 || month <= 3 ? 'winter' : 'summer'
          if (excessW > 0) naive.add(`${singles.has(day.toString()) ? day : season} ${time}`)
        }
      // A template day has the hour that a day in spring lacks.
      const spring = LocalDate.parse('2026-03-29')
      const lacksAnHour = !spring.isBefore(validFrom) && !spring.isAfter(requested.validTo)
      const isSkipped = (name: string) => lacksAnHour && / 01:[03]0$/.test(name)
      for (const name of found) if (!isSkipped(name)) expect(naive).toContain(name)
      for (const name of naive) expect(found).toContain(name)
    }),
    { numRuns: 200 },
  )
})

test('the history of a season is that of its days of the same type within two years', () => {
  const at = Instant.parse('2026-06-01T12:00:00Z')
  const counted = historyDays(at, { season: 'winter', dayType: 'weekend' }, 730).map(String)
  // Good Friday is in April; Christmas Day 2025 and New Year's Day 2026 are Thursdays.
  expect(counted).toContain('2025-12-25')
  expect(counted).toContain('2026-01-01')
  expect(counted).not.toContain('2025-12-24')
  expect(counted).not.toContain('2026-05-30')
  expect(counted.toSorted()[0]).toBe('2024-11-02')
  for (const day of counted) expect(isWorkingDay(LocalDate.parse(day))).toBe(false)
})

test('diversity is a share of all agreed limits below a node, not of the request', async () => {
  const terms = (connectionId: string, ascKva: number): TermsBelow => {
    return { connectionId, nodeId: 'sec', customer: 'Royal Mail', ascKva, powerFactor: 1, agreements: [] }
  }
  const applicant = terms('applicant', 100)
  const half = { ...node, diversity: 0.5 }
  const all = { weekday: [{ from: '00:00', limitW: 500_000 }], weekend: [{ from: '00:00', limitW: 500_000 }] }
  const { cells } = await judge(
    { validFrom: LocalDate.parse('2026-12-01'), validTo: LocalDate.parse('2026-12-01'), limits: all },
    {
      nodes: [half],
      connections: [terms('neighbour', 400), applicant],
      applicant,
      way: [half],
      historyFor: () => ({ nodes: new Map([['sec', flat(0)]]), connections: new Map() }),
    },
  )
  // 760 kW − 95 kW on record − 0.5 × 400 kW.
  expect(cells[0]?.periods[0]).toMatchObject({ availableW: 465_000, excessW: 35_000 })
})
