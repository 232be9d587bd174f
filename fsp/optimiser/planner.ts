import { Instant } from '@js-joda/core'
import type { PlanPeriod } from '../../schemas/fsp/depot-plan.ts'
import type { DepotOptionsData, TariffPeriodData } from '../../schemas/fsp/registers/calendars.ts'
import { clockTimeOf, localTimeOf, quarterMs, quarterOf, weekdayOf } from '../../schemas/vocabulary/time.ts'
import { type CapacitySources, capacityAt, headroomW } from '../depots/index.ts'
import type { Depot } from '../registers/index.ts'

/** A turn-down that is expected or instructed for a depot's unit; `capW`: what its vehicles may then draw, W; `null`: no cap follows. */
export interface ExpectedEvent {
  kind: PlanPeriod['events'][number]['kind']
  name: string
  fromMs: number
  toMs: number
  turnDownW: number
  capW: number | null
}

/** What a plan of a depot's capacity is made of. */
export interface PlanSources {
  depot: Pick<Depot, 'depotId' | 'bufferW' | 'building'>
  capacity: CapacitySources
  options: Pick<DepotOptionsData, 'tariff' | 'flexibility' | 'otherPencePerKwh'>
  tariffs: readonly TariffPeriodData[]
  events: readonly ExpectedEvent[]
  /** The building's mean load at a local time of a day's type, W; `undefined`: nothing is recorded of it. */
  buildingMeanW: (at: Instant) => number | undefined
}

/** A building without a record is taken to be busy between these local times. */
const day = { from: '07:00', to: '19:00' }

/** Every quarter-hour from the one that contains an instant to another instant, with what limits the depot then and why. */
export function planPeriods(sources: PlanSources, from: Instant, to: Instant): PlanPeriod[] {
  const periods: PlanPeriod[] = []
  for (let ms = quarterOf(from.toEpochMilli()); ms < to.toEpochMilli(); ms += quarterMs)
    periods.push(periodAt(sources, Instant.ofEpochMilli(ms)))
  return periods
}

function periodAt(sources: PlanSources, at: Instant): PlanPeriod {
  const { depot, capacity, buildingMeanW, events, options } = sources
  const found = capacityAt(capacity, at)
  const meanW = buildingMeanW(at)
  const buildingW = meanW ?? typicalW(depot.building, at)
  const atMs = at.toEpochMilli()
  const current = options.flexibility ? events.filter(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs) : []
  const caps = current.flatMap(({ capW }) => (capW === null ? [] : [capW]))
  const free = headroomW({
    capacityW: found.capacityW,
    siteLoadW: buildingW,
    evLoadW: 0,
    bufferW: depot.bufferW,
  })
  const tariff = options.tariff ? tariffAt(sources.tariffs, at) : undefined
  return {
    from: at.toString(),
    capacityW: found.capacityW,
    binding: found.binding.source,
    limits: found.limits,
    buildingW,
    buildingBasis: meanW === undefined ? 'typical' : 'history',
    headroomW: Math.min(free, ...caps),
    pencePerKwh: tariff?.pencePerKwh ?? options.otherPencePerKwh,
    tariff: tariff?.name ?? null,
    events: current.map(({ kind, name, turnDownW }) => ({ kind, name, turnDownW })),
    evLoadW: null,
  }
}

/** The tariff period at an instant; of several the dearest. */
export function tariffAt(tariffs: readonly TariffPeriodData[], at: Instant): TariffPeriodData | undefined {
  const [weekday, time] = [weekdayOf(localTimeOf(at)), clockTimeOf(at)]
  return tariffs
    .filter(({ weekdays, from, to }) => weekdays.includes(weekday) && from <= time && time < to)
    .sort((a, b) => b.pencePerKwh - a.pencePerKwh)[0]
}

function typicalW({ dayW, nightW }: Depot['building'], at: Instant): number {
  const time = clockTimeOf(at)
  return time >= day.from && time < day.to ? dayW : nightW
}
