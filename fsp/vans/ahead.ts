import { Instant, type LocalDate } from '@js-joda/core'
import type { HomeEnvelope } from '../../schemas/fsp/vans.ts'
import { clockTimeOf, dayStart, tradingDayOf } from '../../schemas/vocabulary/time.ts'
import { biddingFor, bidsFor, envelopeOf, type Stay } from '../aggregation/index.ts'
import type { FspContext } from '../app/context.ts'
import { socketW } from '../chargepoints/index.ts'
import type { CountryOf } from '../flexibility/index.ts'
import { horizon, type PluggedParts, periodMs, pluggedVans, stayOf } from './plugged.ts'
import type { Responses } from './responses.ts'
import { arrivalsOn, comparableDays } from './rules/habits.ts'
import { type HomeVan, vansOf } from './rules/homes.ts'
import { nextReadyAt } from './rules/needs.ts'
import { deratedW } from './rules/reliability.ts'
import { sessionsOf } from './sessions.ts'

export interface AheadParts extends PluggedParts {
  context: Pick<FspContext, 'db' | 'registers'>
  responses: Responses
  /** Whose bank holidays the drivers of a unit keep. */
  countryOf: CountryOf
}

/** How far back comparable days are looked for, and how many count. */
const lookBackDays = 60
const mostDays = 10
/** Offers are whole steps, W: nothing finer is worth an instruction. */
const stepW = 100

/** What is known of a unit's vans for the day ahead. */
export interface Ahead {
  stays: Stay[]
  pluggedIn: number
  expected: number
}

/**
 * The stays of a unit in the day ahead: vans that are plugged in now, and those that are expected by what they did on comparable days. An
 * expected van counts with its probability, so that sums are expectations.
 */
export async function staysAhead(parts: AheadParts, depotId: string, at: Instant): Promise<Ahead> {
  const plugged = await pluggedVans(parts, depotId, at)
  const there = plugged.map((each) => stayOf(each, at, false))
  // A van that is still there from yesterday goes out and comes home again.
  const home = new Map(plugged.map(({ van, connector }) => [van.vehicleId, connector.transaction?.startMs ?? 0]))
  const today = tradingDayOf(at)
  const expected: Stay[] = []
  for (const day of [today, today.plusDays(1)])
    for (const each of await arrivals(parts, depotId, day)) {
      const arrivesMs = dayStart(day).toEpochMilli() + each.offsetMs
      // One that should have come and has not is late, not gone: it is left out until it comes.
      if (arrivesMs <= at.toEpochMilli() || (home.get(each.van.vehicleId) ?? 0) >= dayStart(day).toEpochMilli())
        continue
      const stay = expectedStay(parts, each, arrivesMs, at)
      if (stay) expected.push(stay)
    }
  return { stays: [...there, ...expected], pluggedIn: there.length, expected: expected.length }
}

interface Arrival {
  van: HomeVan
  offsetMs: number
  energyWh: number
  probability: number
}

/** The vans of a unit that are expected on a day. */
async function arrivals(parts: AheadParts, depotId: string, day: LocalDate): Promise<Arrival[]> {
  const { context, units } = parts
  const days = await observedDays(parts, depotId, day)
  const earliest = days.at(-1)
  if (!earliest) return []
  const sessions = await sessionsOf(context, units, depotId, dayStart(earliest), dayStart(day))
  const vans = new Map(vansOf(context.registers.now(), depotId).map((van) => [van.vehicleId, van]))
  return arrivalsOn(sessions, days).flatMap((each) => {
    const van = vans.get(each.vehicleId)
    return van?.chargePoint ? [{ ...each, van }] : []
  })
}

/** The comparable days before a day on which the unit was observed. */
export async function observedDays(
  { context, units, countryOf }: Pick<AheadParts, 'context' | 'units' | 'countryOf'>,
  depotId: string,
  day: LocalDate,
): Promise<LocalDate[]> {
  const from = day.minusDays(lookBackDays)
  const all = await sessionsOf(context, units, depotId, dayStart(from), dayStart(day))
  const [first] = all
  if (!first) return []
  const firstDay = tradingDayOf(Instant.ofEpochMilli(first.startMs))
  return comparableDays(day, firstDay.isBefore(from) ? from : firstDay, mostDays, countryOf(depotId))
}

function expectedStay({ units }: AheadParts, arrival: Arrival, arrivesMs: number, at: Instant): Stay | null {
  const { van, energyWh, probability } = arrival
  const unit = van.chargePoint === null ? undefined : units.find(van.chargePoint)
  const arrives = Math.floor((arrivesMs - at.toEpochMilli()) / periodMs)
  if (!unit || arrives >= horizon.periods) return null
  const mostW = Math.min(socketW(unit.model), van.acPowerW ?? Number.POSITIVE_INFINITY)
  const readyMs = nextReadyAt(van.driver.readyBy, Instant.ofEpochMilli(arrivesMs)).toEpochMilli()
  return {
    key: `expected ${van.vehicleId}`,
    arrives,
    leaves: Math.max(arrives + 1, Math.floor((readyMs - at.toEpochMilli()) / periodMs)),
    energyWh: energyWh * probability,
    mostW: mostW * probability,
    leastW: 0,
    costGbpPerMwh: van.driver.costGbpPerMwh,
    isUrgent: false,
  }
}

/** A unit's envelope of the day ahead, and what it could offer in a window of it. */
export async function envelopeAhead(
  parts: AheadParts,
  depotId: string,
  at: Instant,
  span: { from: Instant; to: Instant },
): Promise<HomeEnvelope> {
  const { stays, pluggedIn, expected } = await staysAhead(parts, depotId, at)
  const { mostWh, leastWh, mostW, soonestW } = envelopeOf(stays, horizon)
  const periodOf = (instant: Instant) =>
    Math.min(horizon.periods, Math.max(0, Math.round((instant.toEpochMilli() - at.toEpochMilli()) / periodMs)))
  const window = { from: periodOf(span.from), to: periodOf(span.to) }
  const soonestWh = soonestW.slice(window.from, window.to).reduce((sum, w) => sum + w * horizon.periodH, 0)
  // What has to have been charged by its end, beyond what would have been by its beginning.
  const dueWh = Math.max(0, (leastWh[window.to - 1] ?? 0) - (mostWh[window.from - 1] ?? 0))
  const { share } = await parts.responses.reliability(depotId)
  const prices = parts.context.registers.now().homeUnits.get(depotId)?.prices ?? []
  const rated = new Float64Array(horizon.periods).fill(ratedW(parts, depotId))
  const bids = window.to > window.from ? bidsFor(stays, prices, window, rated, horizon) : []
  return {
    depotId,
    at: at.toString(),
    pluggedIn,
    expected,
    points: Array.from({ length: horizon.periods }, (_, t) => ({
      from: at.plusMillis(t * periodMs).toString(),
      soonestW: soonestW[t] ?? 0,
      mostW: mostW[t] ?? 0,
      mostWh: mostWh[t] ?? 0,
      leastWh: leastWh[t] ?? 0,
    })),
    window: { from: span.from.toString(), to: span.to.toString() },
    soonestWh,
    deferrableWh: Math.max(0, soonestWh - dueWh),
    reliability: share,
    bids: bids.map((bid) => ({ ...bid, offeredW: deratedW(bid.turnDownW, share, stepW) })),
  }
}

/** What a unit's charge points carry together, W. */
function ratedW({ units }: AheadParts, depotId: string): number {
  return units.connectorsOf(depotId).reduce((sum, { unit }) => sum + socketW(unit.model), 0)
}

/** What a unit could hold back, and for which price, in the day ahead: made once, and asked for as many windows as are of interest. */
export interface BidsAhead {
  /**
   * The least price, £/MWh, for which enough vans can wait that the unit draws so much less in a window of local times, in its first
   * occurrence in the day ahead; the dearest of its prices where not even all of them are enough.
   */
  priceOf(asked: { powerW: number; windows: readonly { from: string; to: string }[] }): number
}

/** A unit's bids by what is known of the day ahead. */
export async function bidsAhead(parts: AheadParts, depotId: string, at: Instant): Promise<BidsAhead> {
  const { stays } = await staysAhead(parts, depotId, at)
  const rated = new Float64Array(horizon.periods).fill(ratedW(parts, depotId))
  const prices = [...(parts.context.registers.now().homeUnits.get(depotId)?.prices ?? [])].sort((a, b) => a - b)
  const bidsIn = biddingFor(stays, prices, rated, horizon)
  const times = Array.from({ length: horizon.periods }, (_, t) => clockTimeOf(at.plusMillis(t * periodMs)))
  const spanOf = ({ from, to }: { from: string; to: string }) => {
    const first = times.findIndex((time) => from <= time && time < to)
    const after = times.findIndex((time, t) => t > first && (time < from || time >= to))
    return first < 0 ? null : { from: first, to: after < 0 ? horizon.periods : after }
  }
  return {
    priceOf({ powerW, windows }) {
      const spans = windows.flatMap((window) => spanOf(window) ?? [])
      const enough = spans.map((span) => bidsIn(span).find(({ turnDownW }) => turnDownW >= powerW))
      const dearest = prices.at(-1) ?? 0
      return enough.reduce((most, bid) => Math.max(most, bid?.costGbpPerMwh ?? dearest), 0)
    },
  }
}
