import type { ChargerCommandAnswer } from '../../schemas/fsp/charge-point-commands.ts'
import type { SetpointResult } from './tables.ts'

/** How a set point ended that was sent; those that were not sent have other results. */
export type SentResult = Extract<SetpointResult, 'accepted' | 'rejected' | 'not-supported' | 'no-answer'>

/** The messages that a charge point can be asked to send. */
type Triggered =
  | 'BootNotification'
  | 'Heartbeat'
  | 'StatusNotification'
  | 'MeterValues'
  | 'FirmwareStatusNotification'
  | 'DiagnosticsStatusNotification'

/** Which limits a charge point forgets: of its sockets until further notice, of the whole unit, or of the present charges. */
export type ClearedLimits = 'standing' | 'unit' | 'charge'

/** What a charge point can be asked to do, whatever it is reached by. Times are instants in ISO 8601; `null` leaves them to the unit. */
export type UnitCommand =
  | { kind: 'reset'; isHard: boolean }
  | { kind: 'unlock'; connector: number }
  | { kind: 'availability'; connector: number; isOperative: boolean }
  | { kind: 'trigger'; message: Triggered; connector: number | null }
  | { kind: 'clear-limits'; limits: ClearedLimits }
  | { kind: 'read-settings'; keys: readonly string[] }
  | { kind: 'write-setting'; key: string; value: string }
  | { kind: 'update-firmware'; location: string; retrieveAt: string }
  | { kind: 'diagnostics'; location: string; from: string | null; to: string | null }

/** A charge point's answer to a command; `status` is its own word. */
export type CommandAnswer = ChargerCommandAnswer

/** The connection to a charge point as ocpp-rpc has it. */
export interface OcppCaller {
  call(action: string, params: object, options?: { callTimeoutMs?: number }): Promise<unknown>
  close(options: { code?: number; force?: boolean }): Promise<unknown>
}

/** A CALLERROR by which a unit says that it does not know a message (OCPP-J 1.6 and 2.0.1, section 4.2.3). */
export function isUnsupported(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'rpcErrorCode' in error ? error.rpcErrorCode : null
  return code === 'NotImplemented' || code === 'NotSupported'
}

/** A limit for the present charge at a socket, A, from now until it ends by itself. */
export interface SocketLimit {
  connector: number
  /** Ours, of the charge. */
  transactionId: number
  /** The unit's own name for it, where it gives one (OCPP 2.0.1). */
  unitTransactionId: string | null
  limitA: number
  fromMs: number
  untilMs: number
}

/**
 * The way to one charge point: what the controller and the operators use, whatever the protocol behind it. It is there while the unit can
 * be reached. What the unit says (state, power and registers of its sockets) comes in the other direction, into `Unit` and its connectors.
 */
export interface UnitLink {
  /** What it is reached by, for the record. */
  readonly protocol: string
  /** Limits a present charge. When the limit ends, the standing limit holds again. Never throws. */
  limit(given: SocketLimit): Promise<SentResult>
  /**
   * Sends a limit that is checked and answered as if it were to hold, and is not carried out. Only a way with somebody in between has it; a
   * charge point itself knows no such message. Never throws.
   */
  testLimit?(given: SocketLimit): Promise<SentResult>
  /** Sets the limit, A, that every socket of the unit keeps without further commands. Never throws. */
  standingLimit(limitA: number, fromMs: number): Promise<SentResult>
  /** Asks the unit for something, and waits `answerTimeoutMs` at most. Never throws. */
  command(command: UnitCommand): Promise<CommandAnswer>
  /** What the unit says that a socket may draw now by all limits that it keeps, A; `null`: it does not say. Never throws. */
  allowedA(connector: number): Promise<number | null>
  close(options: { code?: number; force?: boolean }): Promise<unknown>
}

/** Longest real time that a unit may take to answer, ms. */
export const answerTimeoutMs = 10_000
