import { Instant } from '@js-joda/core'
import { messageOf } from '../../../platform/errors/index.ts'
import type { Log } from '../../../platform/log/index.ts'
import {
  answerTimeoutMs,
  type CommandAnswer,
  type OcppCaller,
  type SentResult,
  type SocketLimit,
  type Unit,
  type UnitCommand,
  type UnitLink,
} from '../../chargepoints/index.ts'
import { controlAnswer, resultCodes } from './forms.ts'

/** A set point that has not been carried out by then is void, ms: the next attempt comes a little later. */
const expiryMs = 15_000

/** The port to a charge point behind a gateway: a controller of its site, or the back office of its maker. */
export class GatewayLink implements UnitLink {
  readonly protocol: string
  readonly gatewayId: string
  readonly #unit: Unit
  readonly #client: OcppCaller
  readonly #log: Log

  constructor(unit: Unit, gateway: { gatewayId: string; client: OcppCaller }, log: Log) {
    this.#unit = unit
    this.gatewayId = gateway.gatewayId
    this.protocol = `gateway ${gateway.gatewayId}`
    this.#client = gateway.client
    this.#log = log
  }

  limit(given: SocketLimit): Promise<SentResult> {
    return this.#send('SetPoint', setPointOf(given))
  }

  // A message of its own: a gateway that does not know it cannot carry it out by mistake.
  testLimit(given: SocketLimit): Promise<SentResult> {
    return this.#send('TestSetPoint', setPointOf(given))
  }

  standingLimit(limitA: number, fromMs: number): Promise<SentResult> {
    return this.#send('StandingLimit', { limitA, et: Instant.ofEpochMilli(fromMs + expiryMs).toString() })
  }

  async command(command: UnitCommand): Promise<CommandAnswer> {
    const answer = await this.#ask('Command', { command })
    if (!answer || answer.rc === resultCodes.noAnswer) return { outcome: 'no-answer', status: null }
    if (answer.rc === resultCodes.notSupported) return { outcome: 'not-supported', status: null }
    const { status, settings, unknownKeys, fileName } = answer
    return {
      outcome: 'answered',
      status: status ?? (answer.rc === resultCodes.accepted ? 'Accepted' : 'Rejected'),
      ...(settings ? { settings, unknownKeys: unknownKeys ?? [] } : {}),
      ...(fileName ? { fileName } : {}),
    }
  }

  async allowedA(socket: number): Promise<number | null> {
    return (await this.#ask('AllowedCurrent', { socket }))?.allowedA ?? null
  }

  /** The connection is the gateway's, and others' too: it stays. */
  async close(): Promise<void> {}

  async #send(action: string, params: object): Promise<SentResult> {
    const answer = await this.#ask(action, params)
    switch (answer?.rc) {
      case undefined:
      case resultCodes.noAnswer:
        return 'no-answer'
      case resultCodes.accepted:
        return 'accepted'
      case resultCodes.notSupported:
        return 'not-supported'
      default:
        return 'rejected'
    }
  }

  async #ask(action: string, params: object) {
    const { identity } = this.#unit
    try {
      const given = await this.#client.call(action, { identity, ...params }, { callTimeoutMs: answerTimeoutMs })
      const { success, data } = controlAnswer.safeParse(given)
      return success ? data : null
    } catch (error) {
      // Only the message: the error may hold the request.
      this.#log.debug(
        { identity, gatewayId: this.gatewayId, action, reason: messageOf(error) },
        'gateway did not answer',
      )
      return null
    }
  }
}

function setPointOf({ connector: socket, unitTransactionId: sessionId, limitA, fromMs, untilMs }: SocketLimit) {
  const [et, validTo] = [fromMs + expiryMs, untilMs].map((ms) => Instant.ofEpochMilli(ms).toString())
  return { socket, sessionId, limitA, et, validTo }
}
