/** The device behind the protocol: points, events, clock and indications, without connections. */
import { Iin } from '../spec/iin.ts'
import type { AttributeValues, OutstationOptions } from './config.ts'
import { Database } from './database.ts'
import { EventBuffers } from './events.ts'

const DEFAULT_MAX_EVENTS = 500

export class Device {
  readonly events: EventBuffers
  readonly database: Database
  /** Restart and need-time, and those that the application sets. */
  indications: number
  private readonly now: () => number
  private offsetMs = 0
  private recordedAt: number | null = null
  readonly attributes: AttributeValues
  /** Classes whose events are sent unsolicited, as a bit mask of 1, 2 and 4. */
  unsolicitedClasses = 0
  /** The broadcast that is indicated has to be confirmed: its indication stays until then. */
  confirmsBroadcast = false

  constructor(options: OutstationOptions, now: () => number) {
    this.now = now
    this.attributes = options.attributes ?? {}
    this.events = new EventBuffers(options.maxEventsPerClass ?? DEFAULT_MAX_EVENTS)
    this.database = new Database(options.points, this.events)
    this.indications = Iin.deviceRestart | (options.needsTime === false ? 0 : Iin.needTime)
  }

  /** Device time in ms since 1970 UTC: the injected clock, corrected by the last time that a master wrote. */
  readonly time = (): number => this.now() + this.offsetMs

  /** Sets the clock (g50v1). */
  writeTime(timeMs: number): void {
    this.offsetMs = timeMs - this.now()
    this.indications &= ~Iin.needTime
  }

  /** Records the moment of a record-current-time request (clause 4.4.18). */
  recordTime(): void {
    this.recordedAt = this.now()
  }

  /** Sets what the clock showed at the recorded moment (g50v3); false if none was recorded. */
  writeRecordedTime(timeMs: number): boolean {
    if (this.recordedAt === null) return false
    this.offsetMs = timeMs - this.recordedAt
    this.recordedAt = null
    this.indications &= ~Iin.needTime
    return true
  }

  /** Behaves as after a power cycle: restart indication set, events and recorded time gone, unsolicited off, clock kept. */
  restart(): void {
    this.indications |= Iin.deviceRestart
    this.recordedAt = null
    this.unsolicitedClasses = 0
    this.events.clear()
  }

  /** A broadcast has arrived. */
  noteBroadcast(isToBeConfirmed: boolean): void {
    this.indications |= Iin.broadcast
    this.confirmsBroadcast ||= isToBeConfirmed
  }

  /** The master has been told of a broadcast; `isConfirmed` if it has confirmed that. */
  broadcastTold(isConfirmed: boolean): void {
    if (this.confirmsBroadcast && !isConfirmed) return
    this.indications &= ~Iin.broadcast
    this.confirmsBroadcast = false
  }

  /** The indications for a response at this moment. */
  iin(): number {
    const { events } = this
    return (
      this.indications |
      (events.hasWaiting(1) ? Iin.class1Events : 0) |
      (events.hasWaiting(2) ? Iin.class2Events : 0) |
      (events.hasWaiting(3) ? Iin.class3Events : 0) |
      (events.overflow ? Iin.eventBufferOverflow : 0)
    )
  }
}
