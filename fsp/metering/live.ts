import type { Instant } from '@js-joda/core'
import { liveReadingOperations } from '../../schemas/dispatch/live-readings.ts'
import type { MarketContext } from '../app/context.ts'
import { type DnoApi, reasonOf } from '../flexibility/dno.ts'

const minuteMs = 60_000
/** The meters are read once a minute, so that what they say in the first two minutes may be of the time before. */
const lagMs = 2 * minuteMs
/** Readings are taken every minute and sent together, so that each quarter-hour has three sendings. */
const sendMs = 5 * minuteMs
/** What could not be sent is kept for an hour: later nobody watches it any more. */
const mostKept = 60
/** After failures in a row, sending pauses for longer and longer, up to this. */
const longestPauseMs = 15 * minuteMs
/** Units that are reported at a time. */
const atOnce = 4

interface Reading {
  at: string
  powerW: number
}

/** What is known of the readings of one unit. */
interface Outbox {
  readings: Reading[]
  failures: number
  notBeforeMs: number
}

/** Where the readings come from. */
export interface LiveSource {
  /** The FU of each site. */
  fuIds(): ReadonlyMap<string, string>
  /** Whether a turn-down of a site is in force. */
  runs(siteId: string, at: Instant): boolean
  /** What the site's own meters say that it draws, W; `null` if one of them does not say: unknown is not 0. */
  powerW(siteId: string, at: Instant): number | null
}

/**
 * Tells the DNO what units draw while a turn-down of theirs runs, so that it sees delivery in time. It is for watching only: what is lost
 * is not missed, since meter data follow. In memory and bounded; a failure is logged once until sending works again.
 */
export class LiveReadings {
  readonly #context: Pick<MarketContext, 'log'>
  readonly #dno: DnoApi
  readonly #source: LiveSource
  readonly #boxes = new Map<string, Outbox>()

  constructor(context: Pick<MarketContext, 'log'>, dno: DnoApi, source: LiveSource) {
    this.#context = context
    this.#dno = dno
    this.#source = source
  }

  /** Takes the readings of a minute, and sends what is due. */
  async run(at: Instant): Promise<void> {
    for (const [siteId] of this.#source.fuIds()) if (this.#runs(siteId, at)) this.#take(siteId, at)
    const queue = [...this.#source.fuIds()].filter(([siteId]) => this.#isDue(siteId, at.toEpochMilli()))
    const worker = async () => {
      for (let next = queue.shift(); next; next = queue.shift()) await this.#send(...next, at.toEpochMilli())
    }
    await Promise.all(Array.from({ length: atOnce }, worker))
  }

  #runs(siteId: string, at: Instant): boolean {
    return this.#source.runs(siteId, at) && this.#source.runs(siteId, at.minusMillis(lagMs))
  }

  #take(siteId: string, at: Instant): void {
    const powerW = this.#source.powerW(siteId, at)
    if (powerW === null) return
    const box = this.#boxes.get(siteId) ?? { readings: [], failures: 0, notBeforeMs: 0 }
    this.#boxes.set(siteId, box)
    box.readings.push({ at: at.toString(), powerW: Math.round(powerW) })
    box.readings.splice(0, box.readings.length - mostKept)
  }

  #isDue(siteId: string, nowMs: number): boolean {
    const box = this.#boxes.get(siteId)
    if (!box || box.readings.length === 0 || nowMs < box.notBeforeMs) return false
    return box.failures > 0 || nowMs % sendMs < minuteMs
  }

  async #send(siteId: string, fuId: string, nowMs: number): Promise<void> {
    const box = this.#boxes.get(siteId)
    if (!box) return
    const readings = [...box.readings]
    const outcome = await this.#dno.call(liveReadingOperations.sendLiveReadings, { body: { fuId, readings } })
    if (outcome.ok) {
      if (box.failures > 0) this.#context.log.info({ siteId }, 'live readings are taken again')
      this.#boxes.set(siteId, { readings: box.readings.slice(readings.length), failures: 0, notBeforeMs: 0 })
      return
    }
    const { status } = outcome.failure
    if (box.failures === 0)
      this.#context.log.warn({ siteId, reason: reasonOf(outcome.failure) }, 'live readings were not taken')
    box.failures++
    box.notBeforeMs = nowMs + Math.min(longestPauseMs, minuteMs * 2 ** (box.failures - 1))
    // What was refused for what it is would be refused again.
    if (status >= 400 && status < 500 && status !== 401 && status !== 429) box.readings.splice(0, readings.length)
  }
}
