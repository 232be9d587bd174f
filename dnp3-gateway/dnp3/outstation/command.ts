/** Commands as an outstation's application sees them. */
import type { Operation, TripClose } from '../spec/control.ts'

/** `select` only asks whether the command could be carried out; `operate` and `direct` carry it out. */
export type CommandMode = 'select' | 'operate' | 'direct'

export interface RelayCommand {
  readonly kind: 'relay'
  readonly mode: CommandMode
  readonly index: number
  readonly operation: Operation
  readonly tripClose: TripClose
  /** Cancels whatever is in progress on the point. */
  readonly clear: boolean
  readonly count: number
  readonly onTimeMs: number
  readonly offTimeMs: number
}

export interface AnalogCommand {
  readonly kind: 'analog'
  readonly mode: CommandMode
  readonly index: number
  readonly value: number
}

export type Command = RelayCommand | AnalogCommand

/** Checks or carries out a command; returns a `CommandStatus`. A thrown error is answered as a hardware error. */
export type CommandHandler = (command: Command) => number
