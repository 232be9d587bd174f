import type { LocalDate } from '@js-joda/core'
import type { BaselineMethod } from '../../../../schemas/settlement/baselines.ts'
import type { PaymentScheme } from '../../../../schemas/settlement/statements.ts'
import { dayStart, periodCount } from '../../../../schemas/vocabulary/time.ts'
import { wallQuarter } from './naive.ts'
import {
  historyDays,
  type NaiveContract,
  type NaiveInstruction,
  type NaiveMarket,
  type NaiveMeter,
  type NaiveSubmission,
  type NaiveTerms,
  type NaiveUnit,
} from './naive-site.ts'

type Random = (limit: number) => number

const quarter = 900_000
const methods: BaselineMethod[] = ['nominated', 'recent-history', 'recent-history', 'mid-8-in-10', 'bl01', 'zero']
const schemes: PaymentScheme[] = [
  { name: 'grace-and-multiplier', graceRatio: 0.95, slope: 3, floorRatio: 0.63 },
  { name: 'sliding-scale', fromRatio: 0.5, toRatio: 1 },
  { name: 'usef', penaltyGbpPerMwh: '311.25' },
]
/** Each product with its price rule, and the windows that contracts for it cover in part or as a whole. */
const rules = { A: 'contract', B: 'pay-as-bid', C: 'pay-as-clear' } as const
const morning: [number, number] = [18, 30]
const evening: [number, number] = [64, 80]

const one = <T>(random: Random, of: readonly T[]): T => of[random(of.length)] as T

/**
 * A random month of two to four units at one site or two: several meters each, contracts for up to three products, some at once and some
 * one after another, bids that come before and after what they are for, and instructions that are replaced, refused, lost or stopped
 * within a quarter-hour.
 */
export function randomMarket(random: Random, first: LocalDate): NaiveMarket {
  const last = first.plusMonths(1).minusDays(1)
  const count = 2 + random(3)
  const units = Array.from({ length: count }, (_, n) => randomUnit(random, n, first, last))
  const [limitW, exportW] = [new Map<string, number>(), new Map<string, number>()]
  const siteWh: NaiveMarket['siteWh'] = new Map()
  for (const site of ['s0', 's1']) {
    if (random(4) > 0) limitW.set(site, 4 * (2_000 + random(12_000)))
    if (random(2) === 0) exportW.set(site, 4 * random(3_000))
    const own = units.filter((unit) => unit.site === site)
    siteWh.set(site, siteLoad(random, own, first, last))
    if (own.length === 1 && own[0] && random(3) === 0) own[0].isWholeSite = true
  }
  return { first, last, units, limitW, exportW, siteWh }
}

function randomUnit(random: Random, n: number, first: LocalDate, last: LocalDate): NaiveUnit {
  const contracts = randomContracts(random, n, first, last)
  const maxW = 10_000 + random(40_000)
  const [outOfService, otherEvents] = [new Set<number>(), new Set<number>()]
  const instructions: NaiveInstruction[] = []
  const submissions: NaiveSubmission[] = []
  const nominated: NaiveUnit['nominated'] = {}
  for (let day = first.minusDays(10); !day.isAfter(last); day = day.plusDays(1)) {
    const start = dayStart(day).toEpochMilli()
    const length = periodCount(day, 'PT15M')
    if (!day.isBefore(first.minusDays(1)) && random(5) > 0)
      nominated[day.toString()] = Array.from({ length }, () => random(12_000))
    if (!day.isBefore(first)) submissions.push(...randomSubmissions(random, day, length))
    if (random(4) > 0) continue
    if (random(10) === 0) otherEvents.add(start + random(90) * quarter)
    if (random(10) === 0) for (let i = 20; i < 26; i++) outOfService.add(start + i * quarter)
    for (const product of new Set(contracts.map((c) => c.product)))
      for (const window of [morning, evening])
        if (random(2) === 0) instructions.push(...randomEvent(random, product, day, window, maxW))
  }
  const meters = randomMeters(random, first, last)
  for (const { from } of instructions) if (random(15) === 0) spoil(random, one(random, meters), from)
  return {
    id: `u${n}`,
    site: random(4) === 0 ? 's1' : 's0',
    isWholeSite: false,
    maxW,
    meters,
    nominated,
    instructions,
    submissions,
    outOfService,
    otherEvents,
    contracts,
  }
}

/** One to three meters, of quarter-hours or half-hours; the second may have come in the weeks before, or come in the month. */
function randomMeters(random: Random, first: LocalDate, last: LocalDate): NaiveMeter[] {
  const begin = first.minusDays(historyDays)
  const gapsPerThousand = random(3) * 2
  return Array.from({ length: 1 + random(3) }, (_, n) => {
    const minutes = random(3) === 0 ? (30 as const) : (15 as const)
    const since = n === 1 && random(2) === 0 ? first.plusDays(random(40) - 20) : begin
    const readings: NaiveMeter['readings'] = new Map()
    const end = dayStart(last.plusDays(1)).toEpochMilli()
    let level = 1_000 + random(3_000)
    for (let at = dayStart(since).toEpochMilli(), k = 0; at < end; at += minutes * 60_000, k++) {
      if (k % 96 === 0) level = 1_000 + random(3_000)
      const isGap = random(1_000) < gapsPerThousand && random(8) === 0
      const wh = (level + random(1_500)) * (minutes / 15)
      readings.set(at, { wh: isGap ? null : wh, isEstimated: random(2_000) === 0 && random(4) === 0 })
    }
    return { id: `m${n}`, minutes, from: dayStart(since).toEpochMilli(), until: end, readings }
  })
}

/** Makes a gap of a reading, or an estimate of its sender. */
function spoil(random: Random, { minutes, readings }: NaiveMeter, q: number): void {
  const at = Math.floor(q / (minutes * 60_000)) * minutes * 60_000
  const reading = readings.get(at)
  if (reading) readings.set(at, random(2) === 0 ? { ...reading, wh: null } : { ...reading, isEstimated: true })
}

function randomTerms(random: Random): NaiveTerms {
  return {
    method: one(random, methods),
    scheme: one(random, schemes),
    fallback: one(random, ['nominated', 'zero', 'outturn'] as const),
    inDayAdjustment: random(3) === 0,
    scheduleAccuracy: random(4) === 0,
    missingMeterData: random(2) === 0 ? 'estimate' : 'unpaid',
  }
}

/** Contracts for one to three products, each for the whole month or by two contracts, one after the other; those of two products overlap. */
function randomContracts(random: Random, n: number, first: LocalDate, last: LocalDate): NaiveContract[] {
  const products = (['A', 'B', 'C'] as const).filter(() => random(3) > 0)
  return (products.length === 0 ? (['B'] as const) : products).flatMap((product) => {
    const change = first.plusDays(5 + random(20))
    const spans =
      random(2) === 0
        ? [[first, last]]
        : [
            [first, change],
            [change.plusDays(1), last],
          ]
    return spans.map(
      ([from, to], k): NaiveContract => ({
        id: `c${n}${product}${k}`,
        product,
        rule: rules[product],
        node: random(3) === 0 ? 'n1' : 'n0',
        awardedAt: 1_700_000_000_000 + random(3) * 86_400_000,
        from: from ?? first,
        to: to ?? last,
        windows: random(3) === 0 ? [evening] : [morning, evening],
        turnDownW: 5_000 + random(40_000),
        prices: [random(3_000), 10_000 + random(30_000)],
        terms: randomTerms(random),
      }),
    )
  })
}

/** Up to three revisions of a day's cost, and now and then what is available: some come before the day, some within it. */
function randomSubmissions(random: Random, day: LocalDate, length: number): NaiveSubmission[] {
  const start = dayStart(day).toEpochMilli()
  const costs = Array.from({ length: random(4) }, (_, k) => ({
    day,
    kind: 'cost' as const,
    revision: k + 1,
    receivedAt: start + (k * 8 + random(8) - 12) * 3_600_000,
    values: Array.from({ length }, () => 5_000 + random(40_000)),
  }))
  if (random(6) > 0) return costs
  const kind = random(2) === 0 ? ('deviation' as const) : ('availability' as const)
  const values = Array.from({ length }, () => (random(3) === 0 ? 0 : random(50_000)))
  return [...costs, { day, kind, revision: 1, receivedAt: start + (random(30) - 15) * 3_600_000, values }]
}

/** An instruction for some quarter-hours of a window, and what became of it. */
function randomEvent(random: Random, product: string, day: LocalDate, window: [number, number], maxW: number) {
  const start = dayStart(day).toEpochMilli()
  const starts = Array.from({ length: periodCount(day, 'PT15M') }, (_, i) => i)
    .filter((i) => wallQuarter(day, i) >= window[0] && wallQuarter(day, i) < window[1])
    .map((i) => start + i * quarter)
  const own = starts.slice(random(3), starts.length - random(3))
  const turnDownW = one(random, [100 + random(200), random(maxW), random(maxW), maxW])
  const plannedAt = (own[0] ?? start) - (1 + random(20)) * 1_800_000
  const outcome = one(random, ['accepted', 'accepted', 'accepted', 'refused', 'undelivered', 'none'] as const)
  const parts: NaiveInstruction[] = own.map((from) => {
    return { product, outcome, plannedAt, revision: 1, from, to: from + quarter, turnDownW }
  })
  if (random(2) === 0) return parts
  // From a second on it is stopped, or another takes its place.
  const at = (own[0] ?? start) + random(own.length * 900) * 1_000
  const next = one(random, ['stop', 'accepted', 'refused', 'undelivered'] as const)
  const isStop = next === 'stop'
  const isEnded = isStop && outcome !== 'accepted'
  if (isEnded && outcome === 'none') return parts
  const changed = own.flatMap((from): NaiveInstruction[] => {
    if (from + quarter <= at) return []
    const common = {
      product,
      plannedAt: isStop ? at : at - random(3) * 600_000,
      revision: 2,
      from: Math.max(from, at),
      to: from + quarter,
    }
    if (isStop) return [{ ...common, outcome: isEnded ? 'stopped' : 'accepted', turnDownW: 0 }]
    return [{ ...common, outcome: next, turnDownW: random(maxW) }]
  })
  return [...parts, ...changed.map((each) => ({ ...each, plannedAt: Math.max(each.plannedAt, plannedAt) }))]
}

/** What the meter of a site shows: its units and something beside them, now and then less than its units, or nothing at all. */
function siteLoad(random: Random, units: NaiveUnit[], first: LocalDate, last: LocalDate): Map<number, number> {
  const found = new Map<number, number>()
  if (random(4) === 0) return found
  const end = dayStart(last.plusDays(1)).toEpochMilli()
  for (let at = dayStart(first).toEpochMilli(); at < end; at += 2 * quarter) {
    if (random(40) === 0) continue
    let sum = random(12_000) - 500
    for (const { meters } of units)
      for (const { minutes, readings } of meters)
        for (let k = at; k < at + 2 * quarter; k += minutes * 60_000) sum += readings.get(k)?.wh ?? 0
    found.set(at, sum)
  }
  return found
}
