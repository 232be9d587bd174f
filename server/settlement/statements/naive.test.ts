import { Instant, LocalDate, YearMonth } from '@js-joda/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isWorkingDay } from '../../../platform/calendar/index.ts'
import type { BaselineMethod } from '../../../schemas/metering.ts'
import { sumGbp } from '../../../schemas/money.ts'
import type { PaymentScheme, SettlementTerms } from '../../../schemas/settlement.ts'
import { dayStart, periodCount } from '../../../schemas/time.ts'
import { bookOf } from '../baselines/service.ts'
import { defaultTerms } from '../payments/index.ts'
import { rememberedPeriods } from './inputs.ts'
import { linesOfContract } from './lines.ts'

/**
 * The settlement once more, straight from the formulas: plain loops, whole numbers of milli-Wh and BigInt fractions of a penny,
 * nothing of the program but its calendar. Both must agree to the penny, line by line.
 */
type Days = Record<string, (number | null)[]>

function naiveBaseline(
  method: BaselineMethod,
  day: LocalDate,
  days: Days,
  events: Set<string>,
): number[] | 'outturn' | null {
  const kind = isWorkingDay(day)
  const most = method === 'bl01' && !kind ? 4 : 10
  const found: (number | null)[][] = []
  for (let i = 1; i <= 60; i++) {
    const other = day.minusDays(i)
    const values = days[other.toString()]
    if (found.length === most || !values || values.length !== 96) continue
    if (isWorkingDay(other) !== kind || events.has(other.toString())) continue
    if (!values.includes(null)) found.push(values)
  }
  const sum = (values: (number | null)[]) => values.reduce<number>((total, v) => total + Number(v), 0)
  // The latest comes first, so of days with equal sums the last in the list is the earliest.
  const ranked = found.map((values, i) => ({ values, i })).sort((a, b) => sum(a.values) - sum(b.values) || b.i - a.i)
  let used = ranked
  if (method === 'mid-8-in-10') {
    if (found.length < 10) return null
    used = ranked.slice(1, -1)
  }
  if (method === 'bl01') {
    if (found.length < (kind ? 5 : 4)) return 'outturn'
    if (!kind) used = ranked.slice(1, -1)
  }
  if (used.length === 0) return null
  return Array.from({ length: 96 }, (_, q) =>
    halfEven(BigInt(sum(used.map((u) => u.values[q] ?? 0))) * 1_000n, BigInt(used.length)),
  )
}

/** a ÷ b to the nearest whole number, a tie to the even one. */
function halfEven(a: bigint, b: bigint): number {
  const [whole, rest] = [a / b, (a % b) * 2n]
  if (rest < b && rest > -b) return Number(whole)
  const away = a < 0n ? whole - 1n : whole + 1n
  const isTie = rest === b || rest === -b
  return Number(isTie && whole % 2n === 0n ? whole : away)
}

/** Amount in pence. Energies in milli-Wh, prices in hundredths of a £. */
function naivePence(
  contractedW: number,
  instructedW: number | null,
  baseline: number | null,
  metered: number | null,
  prices: [number, number],
  scheme: PaymentScheme['name'],
): number {
  // £/100 per MW/h × W × ¼ h: in pence × 10⁶ × 4.
  const availability = BigInt(prices[0]) * BigInt(contractedW)
  if (!instructedW) return halfEven(availability, 4_000_000n)
  if (baseline === null || metered === null) return 0
  const ordered = instructedW * 250
  const delivered = Math.min(Math.max(baseline - metered, 0), ordered)
  // Factor in parts of the order: 1, or 1 − 3 × (0.95 − p), or 0.
  let [up, down, missing] = [1n, 1n, 0]
  if (scheme === 'usef') missing = Math.max(0, metered - (baseline - ordered))
  else if (scheme === 'sliding-scale') {
    // Nothing at half, all at the whole.
    up = BigInt(Math.max(0, 2 * delivered - ordered))
    down = BigInt(ordered)
  } else if (delivered * 100 <= 63 * ordered) up = 0n
  else if (delivered * 100 < 95 * ordered) {
    up = BigInt(100 * ordered) - 3n * (BigInt(95 * ordered) - BigInt(100 * delivered))
    down = BigInt(100 * ordered)
    if (up < 0n) up = 0n
  }
  // Availability in pence × 4 × 10⁹, utilisation: £/100 per MWh × mWh in pence × 10⁹.
  const worth =
    availability * 1_000n + BigInt(prices[1]) * BigInt(delivered) * 4n - BigInt(penalty) * BigInt(missing) * 4n
  return halfEven(worth * up, 4_000_000_000n * down)
}

const months = ['2026-01', '2026-03', '2026-04', '2026-10', '2026-12']
const methods = ['nominated', 'recent-history', 'mid-8-in-10', 'bl01', 'fixed-reference', 'zero'] as const
const schemes: readonly PaymentScheme[] = [
  defaultTerms.scheme,
  { name: 'sliding-scale', fromRatio: 0.5, toRatio: 1 },
  { name: 'usef', penaltyGbpPerMwh: '311.25' },
]
/** The penalty price in hundredths of a £, and the DERs of the unit. */
const [penalty, ders] = [31_125, 3]

test('two implementations agree to the penny on a thousand random months, of every method and scheme, with gaps and changes of the clock', () => {
  let lines = 0
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 2 ** 30 }),
      fc.constantFrom(...months),
      fc.constantFrom(...methods),
      fc.constantFrom(...schemes),
      (seed, name, method, scheme) => {
        const random = generator(seed)
        const month = YearMonth.parse(name)
        const [first, last] = [month.atDay(1), month.atEndOfMonth()]
        const days: Days = {}
        const revisions: Record<string, number[]> = {}
        const gaps = random(4) / 40
        for (let day = first.minusDays(60); !day.isAfter(last); day = day.plusDays(1)) {
          if (random(100) < 3) continue
          const level = 2_000 + random(9_000)
          const key = day.toString()
          const values: (number | null)[] = Array.from(
            { length: periodCount(day, 'PT15M') },
            () => level + random(3_000),
          )
          // A correction is a later value for the same period; what counts is the last.
          if (random(10) === 0) values[random(92)] = random(12_000)
          if (random(1_000) < gaps * 1_000) values[random(92)] = null
          days[key] = values
          revisions[key] = values.map(() => 1)
        }
        const contractedW = 10_000 + random(40_000)
        const instructed = new Map<number, number>()
        const events = new Set<string>()
        for (let day = first.minusDays(20); !day.isAfter(last); day = day.plusDays(1)) {
          if (random(4) > 0) continue
          for (let q = 4; q < 12; q++) {
            const w = random(5) === 0 ? 0 : random(contractedW)
            instructed.set(dayStart(day).toEpochMilli() + q * 900_000, w)
            if (w > 0) events.add(day.toString())
          }
        }
        const prices: [number, number] = [random(3_000), random(40_000)]
        const nominated: Days = {}
        for (let day = first; !day.isAfter(last); day = day.plusDays(1)) {
          if (random(5) === 0) continue
          nominated[day.toString()] = Array.from({ length: periodCount(day, 'PT15M') }, () => random(12_000))
        }
        // W of one DER, whole Wh a quarter-hour.
        const referenceWPerDer = Array.from({ length: 48 }, () => 4 * random(1_500))
        const terms = { ...defaultTerms, baselineMethod: method, scheme, referenceWPerDer }
        const found = program(first, last, days, revisions, nominated, instructed, contractedW, prices, terms)
        for (const line of found) {
          const day = LocalDate.parse(line.fromAt.plusSeconds(0).toString().slice(0, 10))
          const q = line.fromAt.toEpochMilli()
          const own = [day.minusDays(1), day, day.plusDays(1)].find(
            (d) => q >= dayStart(d).toEpochMilli() && q < dayStart(d.plusDays(1)).toEpochMilli(),
          ) as LocalDate
          const index = (q - dayStart(own).toEpochMilli()) / 900_000
          const value = days[own.toString()]?.[index] ?? null
          const clockQuarter = wallQuarter(own, index)
          let expected: number | null
          if (method === 'zero') expected = 0
          else if (method === 'nominated') expected = milli(nominated[own.toString()]?.[index] ?? null)
          else if (method === 'fixed-reference')
            expected = (referenceWPerDer[Math.floor(clockQuarter / 2)] ?? 0) * ders * 250
          else {
            const baseline = naiveBaseline(method, own, days, events)
            expected = baseline === 'outturn' ? milli(value) : (baseline?.[clockQuarter] ?? null)
          }
          const pence = naivePence(contractedW, instructed.get(q) ?? null, expected, milli(value), prices, scheme.name)
          expect(`${line.fromAt} ${Math.round(Number(line.amountGbp) * 100)}`).toBe(`${line.fromAt} ${pence}`)
          lines++
        }
        // Lines sum exactly to what the month is worth, in whole pennies.
        const sum = found.reduce((total, line) => total + BigInt(line.amountGbp.replace('.', '')), 0n)
        expect(
          sumGbp(found.map((line) => line.amountGbp))
            .replace('.', '')
            .replace(/^(-?)0+(?=\d)/, '$1'),
        ).toBe(`${sum}`)
      },
    ),
    { numRuns: 1_000 },
  )
  expect(lines).toBeGreaterThan(100_000)
}, 240_000)

const milli = (wh: number | null) => (wh === null ? null : wh * 1_000)

/** Quarter of the wall clock of the n-th quarter-hour: on the spring Sunday 01:00 is skipped, on the autumn Sunday it comes twice. */
function wallQuarter(day: LocalDate, index: number): number {
  const count = periodCount(day, 'PT15M')
  if (count === 92) return index < 4 ? index : index + 4
  if (count === 100) return index < 8 ? index : index - 4
  return index
}

function program(
  first: LocalDate,
  last: LocalDate,
  days: Days,
  revisions: Record<string, number[]>,
  nominations: Days,
  instructed: Map<number, number>,
  contractedW: number,
  prices: [number, number],
  terms: SettlementTerms,
) {
  const metered = new Map(
    Object.entries(days).map(([day, energyWh]) => [
      LocalDate.parse(day).toEpochDay(),
      { energyWh, revisions: revisions[day] ?? [], sources: null },
    ]),
  )
  const nominated = new Map(
    Object.entries(nominations).map(([day, energyWh]) => [LocalDate.parse(day).toEpochDay(), energyWh]),
  )
  const periods = [...instructed].map(([q, turnDownW]) => {
    const fromAt = Instant.ofEpochMilli(q)
    return {
      ...{ instructionId: 'i', fuId: 'fu', state: 'ended' as const },
      acknowledgedAt: fromAt,
      fromAt,
      toAt: fromAt.plusSeconds(900),
      turnDownW,
    }
  })
  const price = (hundredths: number) => (hundredths / 100).toFixed(2)
  const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const
  const contract = {
    ...{ contractId: 'c', tenderId: 't', fspId: 'f', fspName: 'F', fuId: 'fu', fuName: 'FU', product: 'A' as const },
    ...{ turnDownW: contractedW, availabilityGbpPerMwH: price(prices[0]), utilisationGbpPerMwh: price(prices[1]) },
    ...{ validFrom: first.toString(), validTo: last.toString(), baselineMethod: 'recent-history' as const },
    windows: [{ weekdays: [...weekdays], from: '00:30', to: '03:00', requiredW: contractedW }],
    ...{ awardedAt: '2026-01-01T00:00:00Z', releasedDays: [], awardedBy: 'sam' },
  }
  const inputs = {
    ...{ books: new Map([['fu', bookOf(metered, periods, nominated)]]), ders: new Map([['fu', ders]]) },
    ...{ inService: () => true, limitWh: () => null, contracted: rememberedPeriods() },
  }
  return linesOfContract({ contract, terms, accuracyFactor: 1 }, inputs, dayStart(last.plusDays(2)), first, last)
}

/** Small repeatable numbers from a seed (mulberry32): the n-th call gives a whole number from 0 to below `limit`. */
function generator(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4_294_967_296) * limit)
  }
}
