/** Which indications call for action (IEEE 1815-2012 clause 4.5), and the rules that keep recoveries from looping. */
import { Backoff } from '../app/backoff.ts'
import { Iin } from '../spec/iin.ts'
import type { AssociationNotice, Recovery } from './config.ts'

export interface RecoveryRules {
  readonly clearRestart: boolean
  readonly integrityPoll: boolean
  /** Whether classes are enabled at start-up: a restarted outstation has forgotten them. */
  readonly enableUnsolicited: boolean
  readonly timeSync: boolean
}

/** What to report and what to do, in order. */
interface Assessment {
  readonly notices: readonly AssociationNotice[]
  readonly recoveries: readonly Recovery[]
}

/**
 * In the order in which they are made. The restart is cleared first: one that follows while the values are read is then not cleared unseen.
 * Unsolicited responses are enabled last, so that they come on top of values that are known.
 */
const ORDER: readonly Recovery[] = ['clear-restart', 'integrity', 'enable-unsolicited', 'time-sync']

/** A set of recoveries as a number: it is filled and emptied with every poll. */
const BIT: Readonly<Record<Recovery, number>> = {
  'clear-restart': 1,
  integrity: 2,
  'enable-unsolicited': 4,
  'time-sync': 8,
}

/** The waits after a refusal, in ms: a clock that cannot be set stays so for longer than a device is busy. */
const WAITS: Readonly<Record<Recovery, readonly [minMs: number, maxMs: number]>> = {
  'clear-restart': [60_000, 3_600_000],
  integrity: [60_000, 3_600_000],
  'enable-unsolicited': [60_000, 3_600_000],
  'time-sync': [600_000, 86_400_000],
}

/** More restarts than this between two operations of the application are answered at the next: a device must not keep us busy. */
const MOST_RESTARTS = 3

const NOTHING: Assessment = { notices: [], recoveries: [] }
const TELLING = Iin.deviceRestart | Iin.eventBufferOverflow | Iin.needTime

/**
 * Remembers what has been tried and what is still owed. Each recovery runs at most once per operation that the application requests, so a
 * device that never clears an indication costs a limited number of requests; one that refuses is asked at growing intervals.
 */
export class RecoveryTracker {
  private readonly rules: RecoveryRules
  private tried = 0
  /** Called for by an indication that is gone, and not yet made. */
  private owed = 0
  /** What the start-up in progress has yet to do. */
  private coming = 0
  /** Restarts since the application's last operation. */
  private restarts = 0
  private overflowing = false
  private restarted = false
  /** Of the recoveries that have failed since they last succeeded. */
  private readonly backoffs = new Map<Recovery, Backoff>()

  constructor(rules: RecoveryRules) {
    this.rules = rules
  }

  /** The application requests an operation: everything may be tried again. */
  renew(): void {
    this.tried = 0
    this.restarts = 0
  }

  /** A start-up begins, which will make these recoveries, as far as they are configured. */
  starts(): void {
    const { integrityPoll, enableUnsolicited } = this.rules
    this.coming = (integrityPoll ? BIT.integrity : 0) | (enableUnsolicited ? BIT['enable-unsolicited'] : 0)
  }

  /** The start-up has ended, well or not. */
  started(): void {
    this.coming = 0
  }

  /** A recovery's request is being sent, whoever asked for it. Returns whether it was owed. */
  begin(recovery: Recovery): boolean {
    const bit = BIT[recovery]
    const wasOwed = (this.owed & bit) !== 0
    this.tried |= bit
    this.owed &= ~bit
    return wasOwed
  }

  /** A recovery has succeeded, whoever asked for it. */
  succeeded(recovery: Recovery): void {
    this.coming &= ~BIT[recovery]
    this.backoffs.delete(recovery)
  }

  /** A recovery that was owed has not come about. */
  owe(recovery: Recovery): void {
    this.owed |= BIT[recovery]
  }

  /** A recovery has failed, but not for want of a connection; returns whether for the first time in a row. */
  failed(recovery: Recovery, nowMs: number): boolean {
    const backoff = this.backoffs.get(recovery) ?? new Backoff(...WAITS[recovery])
    this.backoffs.set(recovery, backoff)
    return backoff.failed(nowMs)
  }

  /** Whether a recovery that has failed may be tried again by now. */
  isDue(recovery: Recovery, nowMs: number): boolean {
    return this.backoffs.get(recovery)?.isDue(nowMs) ?? true
  }

  /**
   * What to report and what to do about a response's indications, in order. `source` is the recovery that the response answers, if it
   * does; an unsolicited response may tell of a restart at any time, so it is acted on even where a recovery has just been made.
   */
  assess(iin: number, now: () => number, source: Recovery | 'unsolicited' | null): Assessment {
    if ((iin & TELLING) === 0 && this.owed === 0 && !this.restarted && !this.overflowing) return NOTHING
    const notices: AssociationNotice[] = []
    const restart = (iin & Iin.deviceRestart) !== 0
    const overflow = (iin & Iin.eventBufferOverflow) !== 0
    if (restart && !this.restarted) {
      notices.push({ kind: 'restarted' })
      this.onRestart(source)
    }
    if (overflow && !this.overflowing) {
      notices.push({ kind: 'event-gap' })
      if (this.rules.integrityPoll) this.owed |= BIT.integrity
    }
    this.restarted = restart
    this.overflowing = overflow
    let wanted = this.owed
    if (restart && this.rules.clearRestart) wanted |= BIT['clear-restart']
    if ((iin & Iin.needTime) !== 0 && this.rules.timeSync) wanted |= BIT['time-sync']
    return { notices, recoveries: this.take(wanted & ~this.tried, now) }
  }

  /** A restart that we have not seen before: whatever was done after an earlier one is to be done again. */
  private onRestart(source: Recovery | 'unsolicited' | null): void {
    const { integrityPoll, enableUnsolicited } = this.rules
    const again = (integrityPoll ? BIT.integrity : 0) | (enableUnsolicited ? BIT['enable-unsolicited'] : 0)
    // What told us was carried out after the restart, and so will be what the start-up has yet to complete: an outstation that has
    // restarted says so as soon as it is connected, while the first request is on its way.
    const own = source === null || source === 'unsolicited' ? 0 : BIT[source]
    this.owed |= again & ~own & ~this.coming
    for (const recovery of ORDER) if (recovery !== 'time-sync') this.backoffs.delete(recovery)
    if (this.restarts >= MOST_RESTARTS) return
    this.restarts++
    this.tried &= BIT['time-sync']
  }

  private take(wanted: number, now: () => number): Recovery[] {
    if (wanted === 0) return []
    const nowMs = now()
    const recoveries = ORDER.filter((recovery) => (wanted & BIT[recovery]) !== 0 && this.isDue(recovery, nowMs))
    for (const recovery of recoveries) this.tried |= BIT[recovery]
    return recoveries
  }
}
