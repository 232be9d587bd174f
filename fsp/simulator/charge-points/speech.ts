import type { OCPP16 } from 'typed-ocpp'
import type { Handler } from './handler.ts'

/** A message as a unit sends it, and what its answer is in the words of OCPP 1.6. */
export interface Spoken {
  action: string
  params: object
  answer(given: unknown): unknown
}

/**
 * The version of OCPP that a unit speaks. Inside, a unit thinks in messages of 1.6; this says them, and hears commands, in the version's own
 * words.
 */
export interface Speech {
  readonly subprotocol: 'ocpp1.6' | 'ocpp2.0.1'
  /** A message in the version's words; `null`: it has none for it. @param isOffline whether it was kept while there was no link. */
  say(action: string, params: object, isOffline: boolean): Spoken | null
  /** What a unit can be asked to do, by the version's names. */
  commands(known: Record<string, Handler>): Record<string, Handler>
}

export type SpokenVersion = Speech['subprotocol']

/** OCPP 1.6: as it is thought. */
export const speech16: Speech = {
  subprotocol: 'ocpp1.6',
  say: (action, params) => ({ action, params, answer: (given) => given }),
  commands: (known) => known,
}

export type StartAnswer = OCPP16.StartTransactionResponse
