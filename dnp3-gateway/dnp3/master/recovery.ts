/** Which indications call for action (IEEE 1815-2012 clause 4.5), and the rule that keeps recoveries from looping. */
import { Iin } from '../spec/iin.ts'
import type { AssociationNotice, Recovery } from './config.ts'

export interface RecoveryRules {
  readonly clearRestart: boolean
  readonly integrityPoll: boolean
  readonly timeSync: boolean
}

/** What to report and what to do, in order. */
interface Assessment {
  readonly notices: readonly AssociationNotice[]
  readonly recoveries: readonly Recovery[]
}

/** A set of recoveries as a number: it is filled and emptied with every poll. */
const BIT: Readonly<Record<Recovery, number>> = { 'clear-restart': 1, integrity: 2, 'time-sync': 4 }

const NOTHING: Assessment = { notices: [], recoveries: [] }
const TELLING = Iin.deviceRestart | Iin.eventBufferOverflow | Iin.needTime

/**
 * Remembers what has been tried. Each recovery runs at most once per operation that the application requests, so a
 * device that never clears an indication costs a limited number of requests.
 */
export class RecoveryTracker {
  private readonly rules: RecoveryRules
  private tried = 0
  private overflowing = false
  private restarted = false

  constructor(rules: RecoveryRules) {
    this.rules = rules
  }

  /** The application requests an operation: everything may be tried again. */
  renew(): void {
    this.tried = 0
  }

  /** Another procedure is already making a recovery. */
  mark(recovery: Recovery): void {
    this.tried |= BIT[recovery]
  }

  /** What to report and what to do about a response's indications, in order. */
  assess(iin: number): Assessment {
    if ((iin & TELLING) === 0 && !this.restarted && !this.overflowing) return NOTHING
    const notices: AssociationNotice[] = []
    const wanted: Recovery[] = []
    const restart = (iin & Iin.deviceRestart) !== 0
    const overflow = (iin & Iin.eventBufferOverflow) !== 0
    if (restart && !this.restarted) notices.push({ kind: 'restarted' })
    if (overflow && !this.overflowing) notices.push({ kind: 'event-gap' })
    if (restart && this.rules.clearRestart) wanted.push('clear-restart')
    if (this.rules.integrityPoll && notices.length > 0) wanted.push('integrity')
    if ((iin & Iin.needTime) !== 0 && this.rules.timeSync) wanted.push('time-sync')
    this.restarted = restart
    this.overflowing = overflow
    const recoveries = wanted.filter((recovery) => (this.tried & BIT[recovery]) === 0)
    for (const recovery of recoveries) this.mark(recovery)
    return { notices, recoveries }
  }
}
