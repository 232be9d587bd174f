import { LocalDate } from '@js-joda/core'
import { isWorkingDay } from '../../../../platform/calendar/index.ts'
import type { BaselineMethod } from '../../../../schemas/settlement/baselines.ts'
import type { PaymentScheme } from '../../../../schemas/settlement/statements.ts'
import { dayStart, periodCount } from '../../../../schemas/vocabulary/time.ts'

/**
 * The settlement once more, straight from the formulas: plain loops, whole numbers of milli-Wh and BigInt fractions of a penny,
 * nothing of the program but its calendar. Both must agree to the penny, line by line.
 */

/** Energies per quarter-hour from local midnight by day, whole or half Wh; `null` is a gap. */
export type Days = Record<string, (number | null)[]>

/** All that a month of one unit is settled on. */
export interface NaiveMonth {
  first: LocalDate
  last: LocalDate
  days: Days
  nominated: Days
  /** The direction of the contract, in which what is instructed is; turn-down unless stated. */
  direction?: 'turn-down' | 'turn-up'
  /** W by epoch ms of the quarter-hour. */
  instructed: Map<number, number>
  outOfService: Set<number>
  /** Energy of a quarter-hour under the agreed import limit, whole Wh. */
  limitWh: number | null
  /** Energy of a quarter-hour that the connection may export, whole Wh; turn-down beyond it is unpaid. */
  exportLimitWh: number | null
  contractedW: number
  /** £/MW/h and £/MWh in hundredths. */
  prices: [number, number]
  method: BaselineMethod
  scheme: PaymentScheme
  fallback: 'nominated' | 'fixed-reference' | 'zero' | 'outturn'
  /** Quarter-hours, epoch ms, in which something else than an instruction held the unit. */
  otherEvents: Set<number>
  /** Quarter-hours, epoch ms, that the sender estimated. */
  estimated: Set<number>
  inDayAdjustment: boolean
  scheduleAccuracy: boolean
  missingMeterData: 'estimate' | 'unpaid'
  referenceWPerDer: number[]
  ders: number
}

const milli = (wh: number | null) => (wh === null ? null : wh * 1_000)

/** a ÷ b to the nearest whole number, a tie to the even one. */
export function halfEven(a: bigint, b: bigint): number {
  const [whole, rest] = [a / b, (a % b) * 2n]
  if (rest < b && rest > -b) return Number(whole)
  const away = a < 0n ? whole - 1n : whole + 1n
  const isTie = rest === b || rest === -b
  return Number(isTie && whole % 2n === 0n ? whole : away)
}

/** Quarter of the wall clock of the n-th quarter-hour: on the spring Sunday 01:00 is skipped, on the autumn Sunday it comes twice. */
export function wallQuarter(day: LocalDate, index: number): number {
  const count = periodCount(day, 'PT15M')
  if (count === 92) return index < 4 ? index : index + 4
  if (count === 100) return index < 8 ? index : index - 4
  return index
}

/** Mean over comparable days in milli-Wh per quarter of the wall clock; nothing with too few of them. */
function historic(method: BaselineMethod, day: LocalDate, days: Days, events: Set<string>) {
  const kind = isWorkingDay(day)
  const most = method === 'bl01' && !kind ? 4 : 10
  const found: (number | null)[][] = []
  const few = method === 'mid-8-in-10' ? 10 : method === 'bl01' && !kind ? 4 : 5
  for (let i = 1; i <= 120; i++) {
    // Sixty days are enough if they have as many as the method needs.
    if (i === 61 && found.length >= few) break
    const other = day.minusDays(i)
    const values = days[other.toString()]
    if (found.length === most || !values || values.length !== 96) continue
    if (isWorkingDay(other) !== kind || events.has(other.toString())) continue
    if (!values.includes(null)) found.push(values)
  }
  const sum = (values: (number | null)[]) => values.reduce<number>((total, v) => total + Number(v), 0)
  // The latest comes first, so of days with equal sums the last in the list is the earliest.
  const ranked = found.map((values, i) => ({ values, i })).sort((a, b) => sum(a.values) - sum(b.values) || b.i - a.i)
  if (found.length < few) return null
  const used = method === 'mid-8-in-10' || most === 4 ? ranked.slice(1, -1) : ranked
  return Array.from({ length: 96 }, (_, q) =>
    halfEven(BigInt(sum(used.map((u) => u.values[q] ?? 0)) * 1_000), BigInt(used.length)),
  )
}

/** The baseline of the n-th quarter-hours of a day in milli-Wh, before any adjustment; and whether it is what was metered. */
function unadjusted(month: NaiveMonth, day: LocalDate, events: Set<string>) {
  const count = periodCount(day, 'PT15M')
  const fill = (value: (i: number) => number | null) => Array.from({ length: count }, (_, i) => value(i))
  const own = month.days[day.toString()]
  const nominated = month.nominated[day.toString()]
  const simple = (method: string) => {
    if (method === 'zero') return fill(() => 0)
    if (method === 'nominated') return nominated && fill((i) => milli(nominated[i] ?? null))
    const wOf = (i: number) => month.referenceWPerDer[Math.floor(wallQuarter(day, i) / 2)] ?? 0
    return method === 'fixed-reference' ? fill((i) => wOf(i) * month.ders * 250) : undefined
  }
  const { method } = month
  if (method === 'zero' || method === 'nominated' || method === 'fixed-reference')
    return { values: simple(method) ?? fill(() => null), isOutturn: false }
  const found = historic(method, day, month.days, events)
  if (found) return { values: fill((i) => found[wallQuarter(day, i)] ?? null), isOutturn: false }
  const instead = simple(month.fallback)
  if (instead) return { values: instead, isOutturn: false }
  return { values: fill((i) => milli(own?.[i] ?? null)), isOutturn: true }
}

const isHeld = (month: NaiveMonth, q: number) => (month.instructed.get(q) ?? 0) > 0 || month.otherEvents.has(q)

/**
 * Baseline of a day in milli-Wh with the in-day adjustment: + mean(actual − baseline) of the 3 h that end 1 h before the first event of
 * the day, of the periods that nothing held. Only a unit that has exported may go below 0.
 */
export function baselineOf(month: NaiveMonth, day: LocalDate, events: Set<string>): (number | null)[] {
  const { values, isOutturn } = unadjusted(month, day, events)
  if (!month.inDayAdjustment || isOutturn) return values
  const before = unadjusted(month, day.minusDays(1), events)
  const start = dayStart(day).toEpochMilli()
  const yesterday = dayStart(day.minusDays(1)).toEpochMilli()
  // Where a quarter-hour is: a day's values, and its place among them.
  const at = (q: number, today: (number | null)[] | undefined, last: (number | null)[] | undefined) =>
    (q >= start ? today?.[(q - start) / 900_000] : last?.[(q - yesterday) / 900_000]) ?? null
  let first = start
  while (first < start + values.length * 900_000 && !isHeld(month, first)) first += 900_000
  if (first === start + values.length * 900_000) return values
  while (isHeld(month, first - 900_000)) first -= 900_000
  let [sum, count, gaps] = [0, 0, 0]
  for (let q = first - 16 * 900_000; q < first - 4 * 900_000; q += 900_000) {
    if (isHeld(month, q)) continue
    const metered = milli(at(q, month.days[day.toString()], month.days[day.minusDays(1).toString()]))
    const expected = at(q, values, before.isOutturn ? undefined : before.values)
    if (metered === null || expected === null) gaps++
    else {
      sum += metered - expected
      count++
    }
  }
  if (gaps > 0 || count === 0) return values
  const shift = halfEven(BigInt(sum), BigInt(count))
  const least = Object.values(month.days).some((own) => own.some((wh) => (wh ?? 0) < 0)) ? -Infinity : 0
  return values.map((value, i) =>
    value !== null && (month.instructed.get(start + i * 900_000) ?? 0) > 0 ? Math.max(least, value + shift) : value,
  )
}

/** Millionths: schedule accuracy of the month on the curve of the scheme. */
export function accuracyFactor(month: NaiveMonth): bigint {
  if (!month.scheduleAccuracy) return 1_000_000n
  let [error, load] = [0n, 0n]
  for (let day = month.first; !day.isAfter(month.last); day = day.plusDays(1)) {
    const [forecast, actual] = [month.nominated[day.toString()], month.days[day.toString()]]
    if (!forecast || !actual) continue
    for (let i = 0; i < forecast.length; i++) {
      const [f, a] = [forecast[i], actual[i]]
      if (typeof f !== 'number' || typeof a !== 'number') continue
      if (isHeld(month, dayStart(day).toEpochMilli() + i * 900_000)) continue
      error += BigInt(Math.abs(a - f) * 1_000)
      load += BigInt(Math.abs(a) * 1_000)
    }
  }
  if (load === 0n) return 1_000_000n
  // p = met ÷ load; both curves in parts of the load.
  const met = error > load ? 0n : load - error
  if (month.scheme.name === 'sliding-scale') {
    const up = 2n * met - load
    return up <= 0n ? 0n : BigInt(halfEven(up * 1_000_000n, load))
  }
  if (met * 100n >= 95n * load) return 1_000_000n
  if (met * 100n <= 63n * load) return 0n
  const up = 100n * load - 3n * (95n * load - 100n * met)
  return up <= 0n ? 0n : BigInt(halfEven(up * 1_000_000n, 100n * load))
}

/** What a quarter-hour was metered at in milli-Wh; estimated from both sides where it is missing and the terms want that. */
export function meteredAt(month: NaiveMonth, day: LocalDate, i: number): number | null {
  const values = month.days[day.toString()]
  const value = values?.[i] ?? null
  if (value !== null && month.estimated.has(dayStart(day).toEpochMilli() + i * 900_000))
    return month.missingMeterData === 'estimate' ? milli(value) : null
  if (value !== null || month.missingMeterData !== 'estimate') return milli(value)
  // Only what was measured says anything about its neighbours.
  const isGuess = (k: number) => month.estimated.has(dayStart(day).toEpochMilli() + k * 900_000)
  const near = (step: number) => {
    for (let k = i + step; Math.abs(k - i) <= 4; k += step)
      if (typeof values?.[k] === 'number' && !isGuess(k)) return values[k] as number
    return null
  }
  const [before, after] = [near(-1), near(1)]
  return before === null || after === null ? null : (before + after) * 500
}

/** What a quarter-hour of a contract is settled on. Energies in milli-Wh, prices in hundredths of £/MW/h and £/MWh. */
export interface NaiveQuarter {
  availableW: number
  prices: [number, number]
  /** What was instructed, and the part of it that was accepted. */
  ordered: number
  accepted: number
  baseline: number | null
  metered: number | null
  /** What contracts awarded before are paid for. */
  elsewhere: number
  /** What the limit of the site leaves of the baseline. */
  limit: number | null
  /** The least net import that the export limit of the site leaves. */
  floor: number | null
  isOverdue: boolean
  /** Whether it was to turn up. */
  isUp: boolean
}

/** Amount in pence of one quarter-hour. */
export function penceOf(
  scheme: PaymentScheme,
  accuracy: bigint,
  quarter: NaiveQuarter,
): { pence: number; delivered: number } {
  const { ordered, accepted, baseline, metered, elsewhere, limit, floor, isUp } = quarter
  // £/100 per MW/h × W × ¼ h: in pence × 10⁶ × 4.
  const availability = BigInt(quarter.prices[0]) * BigInt(quarter.availableW)
  if (ordered === 0) return { pence: halfEven(availability * accuracy, 4_000_000n * 1_000_000n), delivered: 0 }
  const isLost = accepted > 0 && baseline !== null && metered === null && scheme.name === 'usef' && quarter.isOverdue
  if (accepted > 0 && !isLost && (baseline === null || metered === null)) return { pence: 0, delivered: 0 }
  const isKnown = baseline !== null && metered !== null
  const [expected, imported] = [baseline ?? 0, metered ?? 0]
  const between = (more: number, less: number) =>
    isKnown ? Math.min(Math.max(more - less - elsewhere, 0), accepted) : 0
  const delivered = isUp ? between(imported, expected) : between(expected, imported)
  // A turn-up is paid up to the limit only; of a turn-down what goes below it.
  const underLimit = (most: number) =>
    isUp ? between(Math.min(imported, Math.max(most, expected)), expected) : between(Math.min(expected, most), imported)
  // A turn-down is paid down to the export limit only.
  const above = isUp || floor === null ? imported : Math.max(imported, floor)
  const inLimits = isUp || floor === null ? delivered : between(Math.min(expected, limit ?? expected), above)
  const paid = limit === null || floor !== null ? inLimits : underLimit(limit)
  // Factor in parts of the order: 1, or 1 − 3 × (0.95 − p), or 0.
  let [up, down, penalty] = [1n, 1n, 0n]
  if (scheme.name === 'usef') {
    // What was refused is missing as a whole.
    const moved = (isUp ? imported - expected : expected - imported) - elsewhere
    const short = metered === null ? accepted : Math.max(0, accepted - moved)
    const missing = accepted === 0 ? ordered : short + (ordered - accepted)
    penalty = BigInt(Math.round(Number(scheme.penaltyGbpPerMwh) * 100)) * BigInt(missing)
  } else if (ordered < 50_000) {
    // Too little to judge.
    up = 1n
  } else if (scheme.name === 'sliding-scale') {
    // Nothing at half, all at the whole.
    up = BigInt(Math.max(0, 2 * delivered - ordered))
    down = BigInt(ordered)
  } else if (delivered * 100 <= 63 * ordered) up = 0n
  else if (delivered * 100 < 95 * ordered) {
    up = BigInt(100 * ordered) - 3n * (BigInt(95 * ordered) - BigInt(100 * delivered))
    down = BigInt(100 * ordered)
    if (up < 0n) up = 0n
  }
  // Availability in pence × 4 × 10⁹, utilisation: £/100 per MWh × mWh in pence × 10⁹. The penalty is charged in full.
  const earned = availability * 1_000n + BigInt(quarter.prices[1]) * BigInt(paid) * 4n
  const charged = penalty * 4n * down * 1_000_000n
  return { pence: halfEven(earned * up * accuracy - charged, 4_000_000_000n * down * 1_000_000n), delivered }
}

/** Amount in pence of one quarter-hour of a unit with one contract. Energies in milli-Wh. */
function pence(month: NaiveMonth, q: number, baseline: number | null, metered: number | null, accuracy: bigint) {
  if (month.outOfService.has(q)) return 0
  const ordered = (month.instructed.get(q) ?? 0) * 250
  const limit = month.limitWh === null ? null : month.limitWh * 1_000
  const { contractedW: availableW, prices } = month
  const isUp = month.direction === 'turn-up'
  // The unit is all that there is at its site: all the room above the limit is its own.
  const floor =
    month.exportLimitWh === null || isUp || baseline === null
      ? null
      : baseline - Math.max(0, month.exportLimitWh * 1_000 + baseline)
  const common = {
    availableW,
    prices,
    baseline,
    metered,
    limit,
    floor,
    isUp,
    elsewhere: 0,
    isOverdue: isOverdue(month, q),
  }
  return penceOf(month.scheme, accuracy, { ...common, ordered, accepted: ordered }).pence
}

/** Whether ten working days after a period's day were over when the month was settled: at the start of its second day after. */
export function isOverdue(month: Pick<NaiveMonth, 'last'>, q: number): boolean {
  let workingDays = 0
  for (let day = month.last.plusDays(1); dayStart(day).toEpochMilli() > q; day = day.minusDays(1))
    if (isWorkingDay(day) && ++workingDays === 10) return true
  return false
}

/** Days that no baseline is averaged over: with an event, or with a value that its sender estimated. */
export function eventDays(month: NaiveMonth): Set<string> {
  const events = new Set<string>()
  for (let day = month.first.minusDays(121); !day.isAfter(month.last); day = day.plusDays(1)) {
    const [start, count] = [dayStart(day).toEpochMilli(), periodCount(day, 'PT15M')]
    for (let i = 0; i < count; i++) {
      const q = start + i * 900_000
      if (isHeld(month, q) || month.estimated.has(q)) events.add(day.toString())
    }
  }
  return events
}

/** Pence of the quarter-hours of a month, by epoch ms. */
export function naivePence(month: NaiveMonth): Map<number, number> {
  const events = eventDays(month)
  const accuracy = accuracyFactor(month)
  const found = new Map<number, number>()
  for (let day = month.first; !day.isAfter(month.last); day = day.plusDays(1)) {
    const baseline = baselineOf(month, day, events)
    const start = dayStart(day).toEpochMilli()
    for (let i = 0; i < baseline.length; i++) {
      const q = start + i * 900_000
      found.set(q, pence(month, q, baseline[i] ?? null, meteredAt(month, day, i), accuracy))
    }
  }
  return found
}

/** A random month of one unit: clock-change days, gaps, events in the small hours and the morning, breaks of service, limits. */
export function randomMonth(
  random: (limit: number) => number,
  first: LocalDate,
  method: BaselineMethod,
  scheme: PaymentScheme,
): NaiveMonth {
  const last = first.plusMonths(1).minusDays(1)
  const [days, nominated]: [Days, Days] = [{}, {}]
  const gapsPerThousand = random(4) * 25
  // Some months find so few comparable days that the look-back is extended, or that the fallback counts.
  const missingOfHundred = [3, 3, 3, 60, 90, 97][random(6)] ?? 3
  for (let day = first.minusDays(121); !day.isAfter(last); day = day.plusDays(1)) {
    if (random(100) < missingOfHundred && (missingOfHundred === 3 || day.isBefore(first))) continue
    const level = 2_000 + random(9_000)
    const values: (number | null)[] = Array.from({ length: periodCount(day, 'PT15M') }, () => level + random(3_000))
    if (random(1_000) < gapsPerThousand) values[random(92)] = null
    days[day.toString()] = values
  }
  const contractedW = 10_000 + random(40_000)
  const instructed = new Map<number, number>()
  const [outOfService, otherEvents, estimated] = [new Set<number>(), new Set<number>(), new Set<number>()]
  for (let day = first.minusDays(20); !day.isAfter(last); day = day.plusDays(1)) {
    if (random(4) > 0) continue
    const [start, own] = [dayStart(day).toEpochMilli(), days[day.toString()]]
    if (random(6) === 0) for (let i = random(90); i >= 0; i -= 1 + random(9)) otherEvents.add(start + i * 900_000)
    // Evenings too, which the adjustment of the next day's small hours has to leave out.
    for (const from of random(3) === 0 ? [4, 20, 84] : [4, 20])
      for (let i = from; i < from + 8; i++)
        instructed.set(start + i * 900_000, random(5) === 0 ? 0 : random(contractedW))
    if (own && random(5) === 0) own[20 + random(8)] = null
    const guessed = 20 + random(8)
    if (typeof own?.[guessed] === 'number' && random(4) === 0) estimated.add(start + guessed * 900_000)
    if (random(20) === 0) for (let i = 0; i < 10; i++) outOfService.add(start + i * 900_000)
  }
  for (let day = first.minusDays(1); !day.isAfter(last); day = day.plusDays(1)) {
    if (random(5) === 0) continue
    // Half of the nominations are near the meter, so that their accuracy falls on every part of the curve.
    const own = random(2) === 0 ? days[day.toString()] : undefined
    nominated[day.toString()] = Array.from({ length: periodCount(day, 'PT15M') }, (_, i) =>
      Math.max(0, (own?.[i] ?? random(12_000)) + random(600) - 300),
    )
  }
  return {
    first,
    last,
    days,
    nominated,
    instructed,
    outOfService,
    contractedW,
    method,
    scheme,
    limitWh: random(3) === 0 ? 4_000 + random(8_000) : null,
    prices: [random(3_000), random(40_000)],
    fallback: (['nominated', 'fixed-reference', 'zero', 'outturn'] as const)[random(4)] ?? 'nominated',
    otherEvents,
    estimated,
    inDayAdjustment: random(3) === 0,
    scheduleAccuracy: random(4) === 0,
    missingMeterData: random(2) === 0 ? 'estimate' : 'unpaid',
    // W of one DER, whole Wh a quarter-hour.
    referenceWPerDer: Array.from({ length: 48 }, () => 4 * random(1_500)),
    ders: 1 + random(4),
    // Now and then less than what is turned down to.
    exportLimitWh: random(2) === 0 ? random(9_000) : null,
  }
}

/** A month as it is, but in a direction, and of a unit that exports so many Wh more in every quarter-hour. */
export function directed(month: NaiveMonth, direction: 'turn-down' | 'turn-up', exportWh: number): NaiveMonth {
  const less = (days: Days): Days =>
    Object.fromEntries(
      Object.entries(days).map(([day, own]) => [day, own.map((wh) => (wh === null ? null : wh - exportWh))]),
    )
  return { ...month, direction, days: less(month.days), nominated: less(month.nominated) }
}

/** Small repeatable numbers from a seed (mulberry32): the n-th call gives a whole number from 0 to below `limit`. */
export function generator(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4_294_967_296) * limit)
  }
}

/** The first day of a month as `2026-01`. */
export const firstOf = (month: string): LocalDate => LocalDate.parse(`${month}-01`)
