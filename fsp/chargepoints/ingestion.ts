import type { Instant } from '@js-joda/core'
import { messageOf } from '../../platform/errors/index.ts'
import type { FspContext } from '../app/context.ts'
import type { ProcessHealth } from '../health/index.ts'
import type { Units } from './units.ts'

/** What is wrong with what comes from the charge points of a depot. */
export interface IngestionFailure {
  depotId: string
  /** One sentence with figures. */
  message: string
}

/** What came from the charge points of a depot since it was last noted. */
interface Tally {
  taken: number
  failed: number
  lastError: string
  /** The longest that one message took, ms of real time. */
  longestMs: number
}

/** A depot without any connection for longer is cut off; a central system that restarts is not, ms. */
const cutOffMs = 60_000
/** A message that is still being taken in after so long hangs, as on a locked table, ms: charge points give up on an answer sooner. */
const stalledMs = 60_000

/**
 * EXC07: whether the messages of charge points, by whatever route, are taken in. Noted each minute as a process of each depot: it has failed
 * where messages could not be taken by our own fault, where they hang, and where all charge points that were connected are gone.
 */
export class Ingestion {
  readonly #context: FspContext
  readonly #units: Units
  readonly #health: ProcessHealth
  readonly #tallies = new Map<string, Tally>()
  /** When each message began that is being taken in, ms, by depot. */
  readonly #underway = new Map<string, Set<{ begunMs: number }>>()
  readonly #failures = new Map<string, string>()
  /** When a charge point of a depot was last seen to be connected, ms. */
  readonly #connectedMs = new Map<string, number>()

  constructor(context: FspContext, units: Units, health: ProcessHealth) {
    this.#context = context
    this.#units = units
    this.#health = health
  }

  /** Depots that were connected before a restart are expected back. */
  async load(): Promise<void> {
    const nowMs = this.#context.clock.now().toEpochMilli()
    for (const depotId of this.#depotIds()) {
      const known = (await this.#health.list(depotId)).some(({ process }) => process === processName)
      if (known) this.#connectedMs.set(depotId, nowMs)
    }
  }

  /** Takes in a message of a charge point; what goes wrong with it is counted and thrown on. */
  async take<T>(depotId: string, work: () => Promise<T>): Promise<T> {
    const startMs = performance.now()
    const message = { begunMs: this.#context.clock.now().toEpochMilli() }
    const underway = this.#underwayOf(depotId)
    underway.add(message)
    try {
      const made = await work()
      this.#tallyOf(depotId).taken++
      return made
    } catch (error) {
      const tally = this.#tallyOf(depotId)
      tally.failed++
      tally.lastError = messageOf(error)
      throw error
    } finally {
      underway.delete(message)
      const tally = this.#tallyOf(depotId)
      tally.longestMs = Math.max(tally.longestMs, performance.now() - startMs)
    }
  }

  /** Depots whose ingestion has failed, as of the last minute. */
  failures(): IngestionFailure[] {
    return [...this.#failures].map(([depotId, message]) => ({ depotId, message }))
  }

  /** Notes how the last minute went. */
  async note(at: Instant): Promise<void> {
    for (const depotId of this.#failures.keys()) if (!this.#depotIds().has(depotId)) this.#failures.delete(depotId)
    for (const depotId of this.#depotIds()) {
      const units = this.#units.all.filter((unit) => unit.depotId === depotId)
      const connected = units.filter(({ link }) => link !== null).length
      if (connected > 0) this.#connectedMs.set(depotId, at.toEpochMilli())
      // One that has never had a charge point has nothing to miss.
      if (!this.#connectedMs.has(depotId)) continue
      const tally = this.#tallyOf(depotId)
      this.#tallies.delete(depotId)
      const error = this.#failureOf(depotId, tally, at)
      if (error === null) this.#failures.delete(depotId)
      else this.#failures.set(depotId, error)
      const figures = { chargePoints: units.length, connected, failedMessages: tally.failed }
      const outcome = { records: tally.taken, durationMs: tally.longestMs, error, figures }
      await this.#health.note({ process: processName, subject: depotId, depotId }, outcome)
    }
  }

  /** Depots, or whatever charge points are grouped by. */
  #depotIds(): Set<string> {
    return new Set(this.#units.all.map(({ depotId }) => depotId))
  }

  #failureOf(depotId: string, { taken, failed, lastError }: Tally, at: Instant): string | null {
    if (failed > 0)
      return `${failed} of ${taken + failed} messages of the charge points of ${depotId} could not be taken: ${lastError}`
    const stalled = this.#stalledOf(depotId, at)
    if (stalled !== null) return stalled
    const silentMs = at.toEpochMilli() - (this.#connectedMs.get(depotId) ?? 0)
    return silentMs > cutOffMs
      ? `No charge point of ${depotId} has been connected for ${Math.floor(silentMs / 60_000)} min.`
      : null
  }

  /** What hangs, in a sentence; `null`: nothing. */
  #stalledOf(depotId: string, at: Instant): string | null {
    const begun = [...this.#underwayOf(depotId)].map(({ begunMs }) => begunMs)
    const longestMs = at.toEpochMilli() - Math.min(...begun)
    if (begun.length === 0 || longestMs < stalledMs) return null
    const [count, minutes] = [begun.length, Math.floor(longestMs / 60_000)]
    return `Messages of the charge points of ${depotId} are not taken in: ${count} waiting, the longest for ${minutes} min. Look for locks and load of the FSP's database.`
  }

  #underwayOf(depotId: string): Set<{ begunMs: number }> {
    const known = this.#underway.get(depotId) ?? new Set()
    this.#underway.set(depotId, known)
    return known
  }

  #tallyOf(depotId: string): Tally {
    const known = this.#tallies.get(depotId) ?? { taken: 0, failed: 0, lastError: '', longestMs: 0 }
    this.#tallies.set(depotId, known)
    return known
  }
}

const processName = 'charge-points'
