import type { Limit, LimitAnswer } from '../../../schemas/dispatch/import-limits.ts'
import type { Instruction, InstructionAnswer } from '../../../schemas/dispatch/instructions.ts'

/**
 * A sending without an answer. `not-sent`: the FSP certainly did not process it, so it may be sent again; `unknown`: the FSP may have
 * processed it, so ask before sending it again (FM07). `isFinal`: the next call would fail for the same cause.
 */
export interface Lost {
  kind: 'not-sent' | 'unknown'
  detail: string
  isFinal: boolean
  /** The DNO's own end failed, such as its mail server. */
  isOurs?: true
}

/** The outcome of a sending. `handed-over`: passed to people, who confirm in their own time. */
export type SendOutcome<Answer = InstructionAnswer> =
  | { kind: 'answered'; answer: Answer }
  | { kind: 'handed-over'; detail: string }
  | Lost

/** The answer to a question about an instruction: the FSP's own answer, that it never saw it, or that it cannot be asked now. */
export type AskOutcome =
  | { kind: 'answered'; answer: InstructionAnswer }
  | { kind: 'never-seen' }
  | (Lost & { kind: 'unknown' })

/** A route to one FSP. */
export interface ControlApi {
  /** Whether it answers by itself and can be queried; otherwise a person confirms. */
  readonly isAnswering: boolean
  send(instruction: Instruction): Promise<SendOutcome>
  ask(instructionId: string): Promise<AskOutcome>
  /** Sends what a connection may import, repeatedly until it is answered. */
  limit(limit: Limit): Promise<SendOutcome<LimitAnswer>>
}
