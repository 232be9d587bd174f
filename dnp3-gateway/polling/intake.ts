import type { Log } from '../../platform/log/index.ts'
import type { HubAssignment } from '../../schemas/grid/gateway.ts'
import type { Spool } from '../delivery/spool.ts'
import type { MeasurementBatch } from '../dnp3/index.ts'
import type { BeliefRules } from './belief.ts'
import { DeadBandFilter } from './dead-band.ts'
import { groupsOf, type PointMap, type PointMapCache } from './point-map.ts'
import { readingsOf } from './readings.ts'
import type { HubStatus } from './status.ts'
import { UnmappedPoints } from './unmapped.ts'

/** What an intake shares with those of other hubs. */
export interface IntakeContext {
  readonly spool: Spool
  readonly maps: PointMapCache
  readonly settings: { readonly belief: BeliefRules }
}

/** Turns a hub's answers into readings by its point map, and puts them into the spool. */
export class Intake {
  readonly #spool: Spool
  readonly #maps: PointMapCache
  readonly #log: Log
  readonly #status: HubStatus
  readonly #unmapped = new UnmappedPoints()
  readonly #filter: DeadBandFilter
  readonly #belief: BeliefRules
  #map: PointMap

  /** Counts go to `status`. */
  constructor(hub: HubAssignment, status: HubStatus, log: Log, context: IntakeContext) {
    this.#spool = context.spool
    this.#maps = context.maps
    this.#log = log
    this.#belief = context.settings.belief
    this.#status = status
    this.#filter = new DeadBandFilter(hub.integrityPollS)
    this.#map = context.maps.get(hub.pointMap)
  }

  change(hub: HubAssignment): void {
    this.#filter.setInterval(hub.integrityPollS)
    const map = this.#maps.get(hub.pointMap)
    if (map !== this.#map) this.#unmapped.forget()
    this.#map = map
    this.#status.unmapped = this.#unmapped.names
  }

  /** The static groups that its map names. */
  get groups(): number[] {
    return groupsOf(this.#map)
  }

  /** Stores the readings of a response. Once it returns the hub may discard its events; throws if the spool is full. */
  take(batch: MeasurementBatch): void {
    const status = this.#status
    const onUnmapped = (group: number, index: number) => this.#unmapped.note(group, index)
    const { count, text } = readingsOf(batch, this.#map, this.#filter, this.#belief, onUnmapped)
    const { found, total } = this.#unmapped.takeNew()
    status.unmappedPoints = total
    status.leftOut = this.#filter.leftOut
    if (found.length > 0) {
      status.unmapped = this.#unmapped.names
      this.#log.warn({ points: found }, 'hub reports points that are not in its point map')
    }
    if (count === 0) return
    try {
      this.#spool.append(status.hubId, count, text)
      status.readings += count
    } catch (error) {
      status.refusedReadings += count
      this.#filter.forget()
      throw error
    }
  }
}
