import type { Limit, LimitAnswer } from '../../../schemas/dispatch/import-limits.ts'
import type { Instruction, InstructionAnswer } from '../../../schemas/dispatch/instructions.ts'

/**
 * A sending without an answer. `not-sent`: certainly not taken by the FSP, so it may be sent again; `unknown`: it may or may not have
 * been taken, so it must be asked for before it is sent again (FM07). `isFinal`: the next call would fail for the same cause.
 */
export interface Lost {
  kind: 'not-sent' | 'unknown'
  detail: string
  isFinal: boolean
}

/** What became of a sending. `handed-over`: on its way to people, who confirm in their own time. */
export type SendOutcome<Answer = InstructionAnswer> =
  | { kind: 'answered'; answer: Answer }
  | { kind: 'handed-over'; detail: string }
  | Lost

/** The answer to asking an FSP for an instruction: its own answer, that it never saw it, or that it cannot be asked now. */
export type AskOutcome =
  | { kind: 'answered'; answer: InstructionAnswer }
  | { kind: 'never-seen' }
  | (Lost & { kind: 'unknown' })

/** A way to one FSP. */
export interface ControlApi {
  /** Whether it answers by itself and can be asked; else a person confirms. */
  readonly isAnswering: boolean
  send(instruction: Instruction): Promise<SendOutcome>
  ask(instructionId: string): Promise<AskOutcome>
  /** Sends what a connection may import; the same one as often as it takes to get an answer. */
  limit(limit: Limit): Promise<SendOutcome<LimitAnswer>>
}
