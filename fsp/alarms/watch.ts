import type { Instant } from '@js-joda/core'
import { type DepotAlarmKind, type DepotAlarmLevel, depotAlarmKind } from '../../schemas/fsp/alarms.ts'
import type { FspContext } from '../app/context.ts'
import type { Connector, IngestionFailure, Units } from '../chargepoints/index.ts'
import type { Emergencies, SiteLoads } from '../depots/index.ts'
import type { FeedRow, Feeds } from '../feeds/index.ts'
import type { ProcessHealth } from '../health/index.ts'
import type { Controller } from '../optimiser/index.ts'
import { vehicleOf } from '../registers/index.ts'
import type { VehicleReadings } from '../vehicles/index.ts'
import type { DepotAlarms } from './alarms.ts'
import { type Cause, levelOf } from './rules.ts'

/** A limit at a socket that somebody else has set. */
export interface ForeignLimit {
  identity: string
  connector: number
  depotId: string
  /** What shows it, in one sentence with figures. */
  message: string
}

export interface WatchParts {
  alarms: DepotAlarms
  units: Units
  siteLoads: SiteLoads
  emergencies: Emergencies
  feeds: Feeds
  readings: VehicleReadings
  controller: Controller
  health: ProcessHealth
  /** Sockets that follow somebody else's limit. */
  foreignLimits(): readonly ForeignLimit[]
  /** Depots from whose charge points nothing can be taken in. */
  ingestionFailures(): readonly IngestionFailure[]
}

const feedKinds: readonly DepotAlarmKind[] = ['feed-stale', 'ingestion-failed', 'feed-drift']

/** A turn-down counts as missed above the cap by more than this, W or share: meters and set points are in whole amperes. */
const leastExcessW = 1_000
const excessShare = 0.05

const secondsBetween = (fromMs: number, toMs: number) => Math.floor((toMs - fromMs) / 1_000)

/** Looks every minute at what is wrong at the depots (H7, J6, Q1–Q4), and at once at feeds that say so. */
export class Watch {
  readonly #context: FspContext
  readonly #parts: WatchParts

  constructor(context: FspContext, parts: WatchParts) {
    this.#context = context
    this.#parts = parts
  }

  async run(at: Instant): Promise<void> {
    const { health, alarms } = this.#parts
    const name = { process: 'alarms', subject: 'alarms', depotId: null }
    const look = () => alarms.reconcile(depotAlarmKind.options, [...this.#feedCauses(at), ...this.#otherCauses(at)], at)
    await health.run(name, look, (records) => ({ records }))
  }

  /** Looks at feeds only: one has just failed, or is well again. */
  async feedsChanged(): Promise<void> {
    const at = this.#context.clock.now()
    await this.#parts.alarms.reconcile(feedKinds, this.#feedCauses(at), at)
  }

  #feedCauses(at: Instant): Cause[] {
    const { feeds, ingestionFailures } = this.#parts
    const failed = ingestionFailures().map(({ depotId, message }) => ({
      kind: 'ingestion-failed' as const,
      depotId,
      sourceId: depotId,
      level: 'red' as const,
      message,
    }))
    const causes = feeds.all
      .filter(({ agreed }) => agreed.isActive)
      .flatMap((row) => {
        const { feedId, agreed, failuresInARow, lastError, drift } = row
        const about = { depotId: agreed.depotId, sourceId: feedId }
        const causes: Cause[] = []
        const freshness = feeds.freshnessOf(row, at)
        if (freshness === 'amber' || freshness === 'red')
          causes.push({ ...about, kind: 'feed-stale', level: freshness, message: staleWords(row, at) })
        if (failuresInARow > 0)
          causes.push({
            ...about,
            kind: 'ingestion-failed',
            level: 'red',
            message: `${agreed.name} failed: ${lastError}`,
          })
        if (drift) causes.push({ ...about, kind: 'feed-drift', level: 'red', message: driftWords(agreed.name, drift) })
        return causes
      })
    return [...failed, ...causes]
  }

  #otherCauses(at: Instant): Cause[] {
    const { units, foreignLimits } = this.#parts
    const depots = this.#context.depots.map(({ depotId }) => depotId)
    const causes = depots.flatMap((depotId) => [
      ...this.#siteLoad(depotId, at),
      ...this.#emergency(depotId),
      ...this.#underDelivery(depotId, at),
      ...units.connectorsOf(depotId).flatMap((connector) => this.#socket(connector, at)),
    ])
    const foreign = foreignLimits().map(({ identity, connector, depotId, message }) => ({
      kind: 'foreign-limit' as const,
      depotId,
      sourceId: `${identity}/${connector}`,
      level: 'red' as const,
      message,
    }))
    return [...causes, ...this.#vehicles(at), ...foreign]
  }

  #siteLoad(depotId: string, at: Instant): Cause[] {
    const lastMs = this.#parts.siteLoads.lastAtMs(depotId)
    // A depot that has never had a site load has none to miss: its feed, if there is one, is watched itself.
    if (lastMs === null) return []
    const silentS = secondsBetween(lastMs, at.toEpochMilli())
    const level = levelOf(silentS, this.#settingOf(depotId, 'site-load-stale'))
    if (level === null) return []
    const message = `The site load of ${depotId} was last measured ${inWords(silentS)} ago.`
    return [{ kind: 'site-load-stale', depotId, sourceId: depotId, level, message }]
  }

  #emergency(depotId: string): Cause[] {
    const { emergencies } = this.#parts
    if (!emergencies.isOpen(depotId)) return []
    const message = `Optimisation of ${depotId} is switched off: every socket keeps ${emergencies.standingLimitA(depotId)} A.`
    return [{ kind: 'emergency-off', depotId, sourceId: depotId, level: 'red', message }]
  }

  #underDelivery(depotId: string, at: Instant): Cause[] {
    const capW = this.#parts.controller.lastDecision(depotId)?.flexibilityCapW ?? null
    if (capW === null) return []
    const meteredW = this.#parts.units.meteredW(depotId, at.toEpochMilli())
    if (meteredW === null || meteredW <= capW + Math.max(leastExcessW, capW * excessShare)) return []
    const message = `The vehicles of ${depotId} take ${kW(meteredW)} where the turn-down leaves them ${kW(capW)}.`
    return [{ kind: 'under-delivery', depotId, sourceId: depotId, level: 'red', message }]
  }

  #socket(connector: Connector, at: Instant): Cause[] {
    const { unit, transaction, wanted } = connector
    const { depotId, identity } = unit
    const about = { depotId, sourceId: `${identity}/${connector.connector}` }
    const causes: Cause[] = []
    const silence = silenceOf(connector, at, this.#settingOf(depotId, 'charge-point-silent'))
    if (silence) causes.push({ ...about, kind: 'charge-point-silent', ...silence })
    if (transaction && vehicleOf(this.#context.registers.now(), transaction.idTag) === null) {
      const message = `${about.sourceId} charges a vehicle that nobody knows: ${transaction.idTag} belongs to none.`
      causes.push({ ...about, kind: 'unknown-vehicle', level: 'amber', message })
    }
    if (wanted && wanted.attempts > 1 && unit.link !== null) {
      const message = `${about.sourceId} has not accepted ${wanted.limitA} A in ${wanted.attempts} attempts.`
      causes.push({ ...about, kind: 'set-point-refused', level: 'red', message })
    }
    return causes
  }

  /** Vehicles that have fallen silent while others of their feed go on; a feed that is silent as a whole has an alarm of its own. */
  #vehicles(at: Instant): Cause[] {
    const { feeds, readings } = this.#parts
    const { evs, telematics } = this.#context.registers.now()
    const speaking = new Map(
      feeds.all.flatMap((row) => {
        const { format, isActive } = row.agreed
        const isRed = feeds.freshnessOf(row, at) === 'red'
        return isActive && format.kind === 'telematics' && !isRed ? [[format.provider, row] as const] : []
      }),
    )
    return [...evs].flatMap(([vehicleId, { depotId, telematicsId }]) => {
      const feed = speaking.get(telematics.get(telematicsId ?? '')?.provider ?? '')
      const last = readings.latest(vehicleId)
      if (!feed || !last) return []
      const silentS = secondsBetween(last.at.toEpochMilli(), at.toEpochMilli())
      // A feed that comes once a day has thresholds of its own.
      const limits = longer(this.#settingOf(depotId, 'soc-stale'), feed.agreed)
      const level = levelOf(silentS, limits)
      if (level === null) return []
      const message = `${vehicleId} last reported its state of charge ${inWords(silentS)} ago: ${last.socPercent} %.`
      return [{ kind: 'soc-stale' as const, depotId, sourceId: vehicleId, level, message }]
    })
  }

  #settingOf(depotId: string, kind: DepotAlarmKind) {
    return this.#parts.alarms.settings.of(depotId, kind)
  }
}

/** A charge in which nothing flows: the vehicle is full or has had enough, or we have paused it. Charge points read such a meter seldom. */
const quiet: readonly (string | null)[] = ['SuspendedEV', 'SuspendedEVSE', 'Finishing']

/**
 * Q1, EXC01: a socket that charges and is not heard of. One without a charge, and a connected one in whose charge nothing flows, is silent by
 * right (domain section 6.2). A model that reports its meter less often than the
 * threshold counts from its own interval.
 */
function silenceOf(
  { unit, connector, transaction, samples, status, statusMs }: Connector,
  at: Instant,
  setting: { amberS: number | null; redS: number | null },
): { level: DepotAlarmLevel; message: string } | null {
  if (transaction === null || (unit.link !== null && quiet.includes(status))) return null
  const atMs = at.toEpochMilli()
  const lastMs = Math.max(
    transaction.startMs,
    ...[...samples.map((sample) => sample.atMs), statusMs ?? 0].filter((heardMs) => heardMs <= atMs),
  )
  const silentS = secondsBetween(lastMs, atMs)
  const { reportingIntervalS } = unit.model
  const later = (s: number | null) => (s === null || reportingIntervalS <= s ? s : s + reportingIntervalS)
  const level = levelOf(silentS, { amberS: later(setting.amberS), redS: later(setting.redS) })
  if (level === null) return null
  const link = unit.link === null ? 'it has no connection' : 'it is connected'
  return {
    level,
    message: `${unit.identity}/${connector} charges and was last heard of ${inWords(silentS)} ago; ${link}.`,
  }
}

function longer(
  setting: { amberS: number | null; redS: number | null },
  feed: { amberS: number | null; redS: number },
): { amberS: number | null; redS: number | null } {
  return setting.redS !== null && feed.redS > setting.redS ? feed : setting
}

function staleWords({ agreed, lastSuccessAt, registeredAt }: FeedRow, at: Instant): string {
  const silentS = secondsBetween((lastSuccessAt ?? registeredAt).toEpochMilli(), at.toEpochMilli())
  const since = lastSuccessAt ? '' : ', as long as it is registered'
  return `${agreed.name}, of ${agreed.provider}, has delivered nothing for ${inWords(silentS)}${since}.`
}

function driftWords(name: string, { count, reason, record }: NonNullable<FeedRow['drift']>): string {
  const shown = record === null ? '' : ` The first: ${JSON.stringify(record).slice(0, 300)}`
  return `${count} ${count === 1 ? 'record' : 'records'} of ${name} do not fit: ${reason}.${shown}`
}

function inWords(seconds: number): string {
  if (seconds < 120) return `${seconds} s`
  return seconds < 7_200 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3_600)} h`
}

function kW(powerW: number): string {
  return `${(powerW / 1_000).toFixed(1)} kW`
}
