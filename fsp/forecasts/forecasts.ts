import { Instant, type LocalDate } from '@js-joda/core'
import { and, eq, gte } from 'drizzle-orm'
import { dayTypeOf } from '../../platform/calendar/index.ts'
import { isInWindow, type WeeklyWindow } from '../../schemas/market/windows.ts'
import type { Country } from '../../schemas/vocabulary/country.ts'
import {
  clockTimeOf,
  dayStart,
  instantOn,
  localTimeOf,
  periodStarts,
  quarterMs,
  quarterOf,
  tradingDayOf,
} from '../../schemas/vocabulary/time.ts'
import type { MarketContext } from '../app/context.ts'
import { type CountryOf, receivedInstruction } from '../flexibility/index.ts'
import { meteredBetween } from '../metering/index.ts'
import { type Availability, availabilityOf, dayFactor, scheduleFactor } from './rules/availability.ts'
import { deferrableShare, type PastCharge } from './rules/deferral.ts'
import { comparableIn, comparableStarts, lookBackDays, type Span } from './rules/past.ts'
import { quantileOf } from './rules/spread.ts'

/** What is known of a site beside its meters. */
export interface ForecastSource {
  /** Its charges since an instant; none where it does not charge vehicles. */
  charges(siteId: string, since: Instant): Promise<PastCharge[]>
  /** The share of its load that can be put off, where its charges do not say. */
  assumedShare: number
  /** What the schedules of its vehicles need in the night of a day, Wh, and for which share of them it is known. */
  scheduled?(siteId: string, night: LocalDate): { needWh: number; coveredShare: number }
}

/** A quarter-hour of before. */
export interface PastQuarter {
  loadW: number
  share: number
}

/** What is known of a site's past. */
interface Past {
  atMs: number
  energies: ReadonlyMap<number, number>
  disturbed: readonly Span[]
  charges: readonly PastCharge[]
  country: Country
  /** The share that can be put off, by type of day and local time. */
  shares: Map<string, number>
}

/** A past is read anew after this: meters book a quarter-hour at a time. */
const keptMs = quarterMs
const halfDayMs = 12 * 3_600_000
/** What the last hours say of the present day, ms. */
const recentMs = 2 * 3_600_000
/** For how long load is put off, and from how far back charges say whether it could be, ms. */
const holdMs = 2 * 3_600_000
const chargesMs = 28 * 24 * 3_600_000

/** What sites will draw and could put off: quantiles of comparable days, corrected by the present one and by schedules (K3). */
export class Forecasts {
  readonly #context: Pick<MarketContext, 'db'>
  readonly #source: ForecastSource
  readonly #countryOf: CountryOf
  readonly #pasts = new Map<string, Past>()

  constructor(context: Pick<MarketContext, 'db'>, source: ForecastSource, countryOf: CountryOf) {
    this.#context = context
    this.#source = source
    this.#countryOf = countryOf
  }

  /** The quarter-hours of a site from an instant up to another; those without a comparable one are left out. */
  async of(siteId: string, from: Instant, to: Instant, now: Instant): Promise<Availability[]> {
    const past = await this.#pastOf(siteId, now)
    const recent = this.#recent(past, now)
    const quarters: Availability[] = []
    for (let ms = quarterOf(from.toEpochMilli()); ms < to.toEpochMilli(); ms += quarterMs) {
      const found = this.#comparable(past, ms, now)
      const aheadMs = ms - now.toEpochMilli()
      const factor = dayFactor({ ...recent, aheadMs }) * this.#scheduled(siteId, ms, found)
      const share = this.#shareAt(past, ms, now)
      const quarter = availabilityOf({ fromMs: ms, pastW: found.map(({ powerW }) => powerW), share, factor })
      if (quarter) quarters.push(quarter)
    }
    return quarters
  }

  /** What was drawn in each quarter-hour of weekly windows on the last days, W, and the share of it that could have been put off. */
  async inWindows(
    siteId: string,
    windows: readonly WeeklyWindow[],
    days: number,
    now: Instant,
  ): Promise<PastQuarter[]> {
    const past = await this.#pastOf(siteId, now)
    const today = tradingDayOf(now)
    const starts: number[] = []
    for (let back = 1; back <= days; back++)
      for (const start of periodStarts(today.minusDays(back), 'PT15M'))
        if (isInWindow(windows, start)) starts.push(start.toEpochMilli())
    return comparableIn(past.energies, past.disturbed, starts, starts.length).map(({ startMs, powerW }) => ({
      loadW: powerW,
      share: this.#shareAt(past, startMs, now),
    }))
  }

  #comparable(past: Past, ms: number, now: Instant) {
    return comparableIn(past.energies, past.disturbed, comparableStarts(ms, tradingDayOf(now), past.country))
  }

  /** What was drawn in the last hours that are metered, and what comparable days had drawn in the same, Wh. */
  #recent(past: Past, now: Instant): { actualWh: number; expectedWh: number } {
    const nowMs = now.toEpochMilli()
    const today = tradingDayOf(now)
    let [actualWh, expectedWh] = [0, 0]
    for (let ms = quarterOf(nowMs - recentMs); ms + quarterMs <= nowMs; ms += quarterMs) {
      const own = comparableIn(past.energies, past.disturbed, [ms])
      const likes = comparableIn(past.energies, past.disturbed, comparableStarts(ms, today, past.country))
      const [drawn] = own
      if (!drawn || likes.length === 0) continue
      const sorted = likes.map(({ powerW }) => powerW).sort((a, b) => a - b)
      actualWh += drawn.powerW / 4
      expectedWh += quantileOf(sorted, 0.5) / 4
    }
    return { actualWh, expectedWh }
  }

  #scheduled(siteId: string, ms: number, found: readonly { startMs: number }[]): number {
    const nightOf = (startMs: number) => tradingDayOf(Instant.ofEpochMilli(startMs - halfDayMs))
    const own = this.#source.scheduled?.(siteId, nightOf(ms))
    if (!own || own.coveredShare === 0) return 1
    const usual = found.map(({ startMs }) => this.#source.scheduled?.(siteId, nightOf(startMs)).needWh ?? 0)
    return 1 + (scheduleFactor(own.needWh, usual) - 1) * own.coveredShare
  }

  /** The share of the load at a local time that can be put off. */
  #shareAt(past: Past, ms: number, now: Instant): number {
    const at = Instant.ofEpochMilli(ms)
    const type = dayTypeOf(tradingDayOf(at), past.country)
    const key = `${type} ${clockTimeOf(at)}`
    const known = past.shares.get(key)
    if (known !== undefined) return known
    const time = localTimeOf(at).toLocalTime()
    const days = Array.from({ length: chargesMs / (24 * 3_600_000) }, (_, back) =>
      tradingDayOf(now).minusDays(back + 1),
    )
    const instants = days
      .filter((day) => dayTypeOf(day, past.country) === type)
      .flatMap((day) => instantOn(day, time)?.toEpochMilli() ?? [])
    const share = deferrableShare(past.charges, instants, holdMs) ?? this.#source.assumedShare
    past.shares.set(key, share)
    return share
  }

  async #pastOf(siteId: string, now: Instant): Promise<Past> {
    const atMs = now.toEpochMilli()
    const known = this.#pasts.get(siteId)
    if (known && atMs - known.atMs < keptMs) return known
    const since = dayStart(tradingDayOf(now).minusDays(lookBackDays))
    const past: Past = {
      atMs,
      energies: await meteredBetween(this.#context.db, siteId, since, now),
      disturbed: await this.#disturbed(siteId, since),
      charges: await this.#source.charges(siteId, now.minusMillis(chargesMs)),
      country: this.#countryOf(siteId),
      shares: new Map(),
    }
    this.#pasts.set(siteId, past)
    return past
  }

  /** Spans in which the DNO had instructed the site. */
  async #disturbed(siteId: string, since: Instant): Promise<Span[]> {
    const { depotId, endsAt, outcome } = receivedInstruction
    const rows = await this.#context.db
      .select({ intervals: receivedInstruction.intervals })
      .from(receivedInstruction)
      .where(and(eq(depotId, siteId), gte(endsAt, since), eq(outcome, 'accepted')))
    return rows.flatMap(({ intervals }) =>
      intervals.flatMap(({ from, to, turnDownW }) =>
        turnDownW === 0 ? [] : [{ fromMs: Date.parse(from), toMs: Date.parse(to) }],
      ),
    )
  }
}
