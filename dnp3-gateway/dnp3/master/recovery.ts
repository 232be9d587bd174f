/** Which indications call for action (IEEE 1815-2012 clause 4.5), and the rule that keeps the answer from looping. */
import { Iin } from '../spec/iin.ts'
import type { AssociationNotice, Recovery } from './config.ts'

export interface RecoveryRules {
  readonly clearRestart: boolean
  readonly integrityPoll: boolean
  readonly timeSync: boolean
}

/** What to tell, and what to do, in order. */
interface Judgement {
  readonly notices: readonly AssociationNotice[]
  readonly recoveries: readonly Recovery[]
}

const NOTHING: Judgement = { notices: [], recoveries: [] }
const TELLING = Iin.deviceRestart | Iin.eventBufferOverflow | Iin.needTime

/**
 * Remembers what has been tried. Each recovery runs at most once per operation that the application asks for, so a
 * device that never clears an indication costs a bounded number of requests.
 */
export class RecoveryTracker {
  private readonly rules: RecoveryRules
  private readonly tried = new Set<Recovery>()
  private overflowing = false
  private restarted = false

  constructor(rules: RecoveryRules) {
    this.rules = rules
  }

  /** The application asks for something: everything may be tried again. */
  renew(): void {
    if (this.tried.size > 0) this.tried.clear()
  }

  /** A recovery is being made as part of another procedure. */
  mark(recovery: Recovery): void {
    this.tried.add(recovery)
  }

  /** What to tell and what to do about a response's indications, in order. */
  judge(iin: number): Judgement {
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
    const recoveries = wanted.filter((recovery) => !this.tried.has(recovery))
    for (const recovery of recoveries) this.tried.add(recovery)
    return { notices, recoveries }
  }
}
