import type { LocalDate } from '@js-joda/core'
import { dayStart, periodCount } from '../../../../schemas/vocabulary/time.ts'
import {
  accuracyFactor,
  baselineOf,
  eventDays,
  halfEven,
  isOverdue,
  meteredAt,
  type NaiveMonth,
  penceOf,
  wallQuarter,
} from './naive.ts'

/**
 * The settlement of several units once more, from the sentences of domain sections 4, 5 and 12: every second on its own, every contract
 * in the order of award. Times are epoch ms, energies milli-Wh unless they say Wh.
 */

export type NaiveTerms = Pick<
  NaiveMonth,
  'method' | 'scheme' | 'fallback' | 'inDayAdjustment' | 'scheduleAccuracy' | 'missingMeterData'
>

export interface NaiveContract {
  id: string
  product: string
  rule: 'contract' | 'pay-as-bid' | 'pay-as-clear'
  /** The node that it serves. */
  node: string
  awardedAt: number
  /** Inclusive. */
  from: LocalDate
  to: LocalDate
  /** Quarter-hours of the wall clock; the end is exclusive. */
  windows: [number, number][]
  turnDownW: number
  prices: [number, number]
  terms: NaiveTerms
}

/** One meter of a unit, from a day until a day. */
export interface NaiveMeter {
  id: string
  minutes: 15 | 30
  from: number
  until: number
  /** Whole Wh by start of the period. */
  readings: Map<number, { wh: number | null; isEstimated: boolean }>
}

/** An instruction, or an emergency stop of one: `stopped` ends what was refused or did not arrive. */
export interface NaiveInstruction {
  product: string
  outcome: 'accepted' | 'refused' | 'undelivered' | 'stopped' | 'none'
  plannedAt: number
  /** Of those planned at once the higher is the later. */
  revision: number
  from: number
  to: number
  turnDownW: number
}

/** A revision of what was submitted for a day: hundredths of £/MWh, or W. */
export interface NaiveSubmission {
  day: LocalDate
  kind: 'cost' | 'deviation' | 'availability'
  revision: number
  receivedAt: number
  values: number[]
}

export interface NaiveUnit {
  id: string
  site: string
  isWholeSite: boolean
  maxW: number
  meters: NaiveMeter[]
  nominated: NaiveMonth['nominated']
  instructions: NaiveInstruction[]
  submissions: NaiveSubmission[]
  outOfService: Set<number>
  otherEvents: Set<number>
  contracts: NaiveContract[]
}

export interface NaiveMarket {
  first: LocalDate
  last: LocalDate
  units: NaiveUnit[]
  /** By site, W; a site without one has no agreed limit. */
  limitW: Map<string, number>
  /** What a site may export, W; one without does not say. */
  exportW: Map<string, number>
  /** Load of a site, whole Wh by site and start of the half-hour. */
  siteWh: Map<string, Map<number, number>>
}

/** A settled quarter-hour of a contract; `price` in hundredths of £/MWh where something was instructed. */
export interface NaiveLine {
  contract: string
  q: number
  pence: number
  price: number | null
}

const quarter = 900_000

/** How many days before the month have meter data. */
export const historyDays = 32

/** What was in force of a product in a quarter-hour, second by second. */
function forceOf(unit: NaiveUnit, product: string, q: number) {
  const own = unit.instructions
    .filter((i) => i.product === product && i.from < q + quarter && i.to > q)
    .sort((a, b) => a.plannedAt - b.plannedAt || a.revision - b.revision)
  if (own.length === 0) return null
  let [orderedWs, acceptedWs, isUnreachable, plannedAt] = [0, 0, false, Number.POSITIVE_INFINITY]
  for (let second = q; second < q + quarter; second += 1_000) {
    // The last planned and accepted holds; a refusal counts where it asks for more; a stop ends it.
    let accepted: NaiveInstruction | null = null
    let refused: NaiveInstruction | null = null
    let lost: NaiveInstruction | null = null
    for (const one of own) {
      if (one.from > second || one.to <= second) continue
      if (one.outcome === 'accepted') {
        accepted = one
        refused = lost = null
      }
      if (one.outcome === 'refused' && one.turnDownW > (accepted?.turnDownW ?? 0)) refused = one
      if (one.outcome === 'undelivered' && one.turnDownW > 0 && !accepted) lost = one
      if (one.outcome === 'stopped') refused = lost = null
    }
    const holder = accepted ?? refused ?? lost
    if (!holder) continue
    orderedWs += Math.max(accepted?.turnDownW ?? 0, refused?.turnDownW ?? 0)
    acceptedWs += accepted?.turnDownW ?? 0
    if (lost) isUnreachable = true
    plannedAt = Math.min(plannedAt, holder.plannedAt)
  }
  if (plannedAt === Number.POSITIVE_INFINITY) return null
  const energy = (ws: number) => halfEven(BigInt(ws) * 1_000n, 3_600n)
  return { ordered: energy(orderedWs), accepted: energy(acceptedWs), isUnreachable, plannedAt }
}

/** Days and estimates of a unit: the meters of a quarter-hour add up, and one that is missing makes the sum a gap. */
function meteredOf(unit: NaiveUnit, first: LocalDate, last: LocalDate): Pick<NaiveMonth, 'days' | 'estimated'> {
  const days: NaiveMonth['days'] = {}
  const estimated = new Set<number>()
  for (let day = first.minusDays(historyDays); !day.isAfter(last); day = day.plusDays(1)) {
    const start = dayStart(day).toEpochMilli()
    days[day.toString()] = Array.from({ length: periodCount(day, 'PT15M') }, (_, i) => {
      const q = start + i * quarter
      let sum: number | null = 0
      for (const meter of unit.meters) {
        if (q < meter.from || q >= meter.until) continue
        const reading = meter.readings.get(meter.minutes === 30 ? Math.floor(q / 1_800_000) * 1_800_000 : q)
        const isThere = typeof reading?.wh === 'number'
        if (isThere && reading.isEstimated) estimated.add(q)
        // A half-hour is spread over its two quarter-hours.
        if (!isThere) sum = null
        else if (sum !== null) sum += (reading.wh ?? 0) / (meter.minutes / 15)
      }
      return sum
    })
  }
  return { days, estimated }
}

/** All that a unit is settled on, with each quarter-hour worked out once. */
class Unit {
  readonly months = new Map<NaiveTerms, { month: NaiveMonth; events: Set<string>; accuracy: bigint }>()
  readonly baselines = new Map<string, (number | null)[]>()
  readonly forces = new Map<string, ReturnType<typeof forceOf>>()
  readonly metered: ReturnType<typeof meteredOf>
  readonly instructed = new Map<number, number>()
  readonly unit: NaiveUnit
  readonly market: NaiveMarket
  constructor(unit: NaiveUnit, market: NaiveMarket) {
    this.unit = unit
    this.market = market
    this.metered = meteredOf(unit, market.first, market.last)
    const products = new Set(unit.instructions.map((i) => i.product))
    for (const product of products) {
      const starts = new Set<number>()
      for (const one of unit.instructions)
        if (one.product === product)
          for (let q = Math.floor(one.from / quarter) * quarter; q < one.to; q += quarter) starts.add(q)
      for (const q of starts) {
        const force = forceOf(unit, product, q)
        this.forces.set(`${product} ${q}`, force)
        if (force && force.accepted > 0) this.instructed.set(q, (this.instructed.get(q) ?? 0) + force.accepted / 250)
      }
    }
  }

  settledBy(terms: NaiveTerms) {
    const { unit, market, metered, instructed } = this
    const found = this.months.get(terms)
    if (found) return found
    const { first, last } = market
    const rest = {
      limitWh: null,
      exportLimitWh: null,
      contractedW: 0,
      prices: [0, 0] as [number, number],
      referenceWPerDer: [],
      ders: 1,
    }
    const { nominated, outOfService, otherEvents } = unit
    const month: NaiveMonth = {
      first,
      last,
      ...metered,
      nominated,
      instructed,
      outOfService,
      otherEvents,
      ...terms,
      ...rest,
    }
    const made = { month, events: eventDays(month), accuracy: accuracyFactor(month) }
    this.months.set(terms, made)
    return made
  }

  baseline(terms: NaiveTerms, day: LocalDate, i: number): number | null {
    const key = `${[...this.months.keys()].indexOf(terms)} ${day}`
    const { month, events } = this.settledBy(terms)
    const values = this.baselines.get(key) ?? baselineOf(month, day, events)
    this.baselines.set(`${[...this.months.keys()].indexOf(terms)} ${day}`, values)
    return values[i] ?? null
  }

  /** What had been submitted by a moment for the n-th quarter-hour of a day: the highest revision of those that had come. */
  submitted(kind: NaiveSubmission['kind'], day: LocalDate, i: number, by: number): number | null {
    let best: NaiveSubmission | null = null
    for (const one of this.unit.submissions)
      if (one.kind === kind && one.day.equals(day) && one.receivedAt <= by && (!best || one.revision > best.revision))
        best = one
    return best?.values[i] ?? null
  }
}

const usual: NaiveTerms = {
  method: 'recent-history',
  scheme: { name: 'grace-and-multiplier', graceRatio: 0.95, slope: 3, floorRatio: 0.63 },
  fallback: 'nominated',
  inDayAdjustment: false,
  scheduleAccuracy: false,
  missingMeterData: 'unpaid',
}

function covers(contract: NaiveContract, day: LocalDate, i: number): boolean {
  if (day.isBefore(contract.from) || day.isAfter(contract.to)) return false
  const wall = wallQuarter(day, i)
  return contract.windows.some(([from, to]) => wall >= from && wall < to)
}

const byAward = (a: NaiveContract, b: NaiveContract) => a.awardedAt - b.awardedAt || (a.id < b.id ? -1 : 1)

/** What the limits of the site leave: of a unit's baseline by the import limit, and the least import by the export limit; `null` without one. */
function leftByLimits(
  market: NaiveMarket,
  units: Unit[],
  own: Unit,
  day: LocalDate,
  i: number,
  { baseline, accepted }: { baseline: number | null; accepted: number },
) {
  const { site } = own.unit
  const [limitW, exportW] = [market.limitW.get(site), market.exportW.get(site)]
  if (baseline === null) return { limit: null, floor: null }
  const q = dayStart(day).toEpochMilli() + i * quarter
  const sharing: { unit: Unit; baseline: number }[] = []
  for (const unit of units) {
    if (unit.unit.site !== site) continue
    const terms = unit.unit.contracts.toSorted(byAward).find((c) => covers(c, day, i))?.terms ?? usual
    const value = unit === own ? baseline : unit.baseline(terms, day, i)
    if (value !== null) sharing.push({ unit, baseline: value })
  }
  // The rest of the site takes its load first: what the site's meter says of the half-hour without its units.
  const half = Math.floor(q / 1_800_000) * 1_800_000
  let rest: number | null = (market.siteWh.get(site)?.get(half) ?? Number.NaN) * 1_000
  for (const { unit } of sharing)
    for (const k of [half, half + quarter]) {
      const wh = unit.metered.days[day.toString()]?.[(k - dayStart(day).toEpochMilli()) / quarter]
      rest -= (wh ?? Number.NaN) * 1_000
    }
  rest = Number.isNaN(rest) ? null : rest / 2
  if (sharing.length === 1 && own.unit.isWholeSite) rest = 0
  const all = sharing.reduce((sum, one) => sum + one.baseline, 0)
  const room = Math.max(0, (limitW ?? 0) * 250 - (rest ?? 0))
  const share = baseline <= 0 || all <= baseline ? room : halfEven(BigInt(room) * BigInt(baseline), BigInt(all))
  const limit = limitW === undefined ? null : share
  if (exportW === undefined || rest === null) return { limit, floor: null }
  // How far the site can fall, shared by what each unit accepted of all products.
  const down = Math.round(sharing.reduce((sum, { unit }) => sum + (unit.instructed.get(q) ?? 0) * 250, 0))
  const fall = Math.max(0, exportW * 250 + rest + all)
  if (down <= accepted) return { limit, floor: baseline - fall }
  // Half a milli-Wh of the rest of a half-hour is why it is counted twice.
  const doubled = BigInt(Math.round(2 * fall)) * BigInt(accepted)
  return { limit, floor: halfEven(BigInt(2 * baseline) * BigInt(down) - doubled, 2n * BigInt(down)) }
}

/** The dearest price that was accepted of the contracts for a product at a node; `null` if nobody was instructed there. */
function clearedAt(units: Unit[], { product, node }: NaiveContract, day: LocalDate, i: number): number | null {
  const q = dayStart(day).toEpochMilli() + i * quarter
  let dearest: number | null = null
  for (const unit of units)
    for (const other of unit.unit.contracts) {
      if (other.product !== product || other.node !== node || !covers(other, day, i)) continue
      const force = unit.forces.get(`${product} ${q}`)
      if (!force || force.accepted === 0) continue
      const price = Math.min(unit.submitted('cost', day, i, force.plannedAt) ?? other.prices[1], other.prices[1])
      dearest = Math.max(dearest ?? 0, price)
    }
  return dearest
}

/** The lines of every unit in a month, by unit. */
export function naiveLines(market: NaiveMarket): Map<string, NaiveLine[]> {
  const units = market.units.map((unit) => new Unit(unit, market))
  return new Map(units.map((unit) => [unit.unit.id, linesOfUnit(market, units, unit)]))
}

function linesOfUnit(market: NaiveMarket, units: Unit[], own: Unit): NaiveLine[] {
  const lines: NaiveLine[] = []
  const contracts = own.unit.contracts.toSorted(byAward)
  for (let day = market.first; !day.isAfter(market.last); day = day.plusDays(1))
    for (let i = 0, count = periodCount(day, 'PT15M'); i < count; i++) {
      const covering = contracts.filter((contract) => covers(contract, day, i))
      // What the contracts before have of the quarter-hour.
      let [paidW, delivered] = [0, 0]
      for (const [n, contract] of covering.entries()) {
        const isOwn = covering.slice(0, n).every((other) => other.product !== contract.product)
        const line = lineOf(market, units, own, contract, day, i, { paidW, delivered, isOwn })
        paidW += line.availableW
        delivered += line.delivered
        lines.push(line)
      }
    }
  return lines
}

function lineOf(
  market: NaiveMarket,
  units: Unit[],
  own: Unit,
  contract: NaiveContract,
  day: LocalDate,
  i: number,
  before: { paidW: number; delivered: number; isOwn: boolean },
) {
  const { terms, product, rule, prices } = contract
  const q = dayStart(day).toEpochMilli() + i * quarter
  const force = before.isOwn ? (own.forces.get(`${product} ${q}`) ?? null) : null
  const { month, accuracy } = own.settledBy(terms)
  const offers = (['availability', 'deviation'] as const).flatMap((kind) => own.submitted(kind, day, i, q) ?? [])
  const leftW = Math.max(0, own.unit.maxW - before.paidW)
  const whole = before.paidW > 0 ? Math.min(contract.turnDownW, leftW) : contract.turnDownW
  const availableW = offers.includes(0) ? 0 : whole
  let price = prices[1]
  if (rule !== 'contract' && force && force.ordered > 0) {
    const bid = own.submitted('cost', day, i, force.plannedAt) ?? prices[1]
    price = Math.min(prices[1], rule === 'pay-as-clear' ? (clearedAt(units, contract, day, i) ?? bid) : bid)
  }
  const shown = { contract: contract.id, q, availableW, price: force && force.ordered > 0 ? price : null }
  if (own.unit.outOfService.has(q) || force?.isUnreachable) return { ...shown, pence: 0, delivered: 0 }
  const baseline = own.baseline(terms, day, i)
  const settled = penceOf(terms.scheme, accuracy, {
    availableW,
    prices: [prices[0], price],
    ordered: force?.ordered ?? 0,
    accepted: force?.accepted ?? 0,
    baseline,
    metered: meteredAt(month, day, i),
    elsewhere: before.delivered,
    ...(force && force.accepted > 0
      ? leftByLimits(market, units, own, day, i, { baseline, accepted: force.accepted })
      : { limit: null, floor: null }),
    isOverdue: isOverdue(market, q),
    isUp: false,
  })
  return { ...shown, ...settled }
}
