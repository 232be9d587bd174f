/** Commands as an outstation's application sees them. */
import type { Operation, TripClose } from '../spec/control.ts'

/** `select` only asks whether the command could be carried out; `operate` and `direct` are to be done. */
export type CommandMode = 'select' | 'operate' | 'direct'

export interface RelayCommand {
  readonly kind: 'relay'
  readonly mode: CommandMode
  readonly index: number
  readonly operation: Operation
  readonly tripClose: TripClose
  /** Ends what is in progress on the point. */
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

/** Judges or carries out a command; returns a `CommandStatus`. Thrown errors are answered as a hardware error. */
export type CommandHandler = (command: Command) => number
