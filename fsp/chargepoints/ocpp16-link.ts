import { Instant } from '@js-joda/core'
import type { OCPP16 } from 'typed-ocpp'
import { messageOf } from '../../platform/errors/index.ts'
import type { Log } from '../../platform/log/index.ts'
import { isClockOff } from './clock-watch.ts'
import { askAllowedA } from './composite.ts'
import { answerIn, messageFor } from './ocpp16-commands.ts'
import {
  answerTimeoutMs,
  type CommandAnswer,
  isUnsupported,
  type OcppCaller,
  type SentResult,
  type SocketLimit,
  type UnitCommand,
  type UnitLink,
} from './port.ts'
import type { Unit } from './units.ts'

const standingProfileId = 1
const dayMs = 24 * 3_600_000
const transactionProfileId = 10

type Profile = OCPP16.SetChargingProfileRequest['csChargingProfiles']

/** The port to a charge point by OCPP 1.6-J. */
export class Ocpp16Link implements UnitLink {
  readonly protocol = 'ocpp1.6'
  readonly #unit: Unit
  readonly #client: OcppCaller
  readonly #log: Log

  constructor(unit: Unit, client: OcppCaller, log: Log) {
    this.#unit = unit
    this.#client = client
    this.#log = log
  }

  limit({ connector, transactionId, limitA, fromMs, untilMs }: SocketLimit): Promise<SentResult> {
    const behindMs = this.#behindMs(fromMs)
    return this.#setProfile(connector, {
      ...profileOf(transactionProfileId + connector, 'TxProfile', 1, fromMs - behindMs, limitA),
      transactionId,
      validTo: Instant.ofEpochMilli(untilMs - behindMs).toString(),
    })
  }

  standingLimit(limitA: number, fromMs: number): Promise<SentResult> {
    // A unit whose clock is behind would not keep it before its clock shows the beginning.
    return this.#setProfile(0, profileOf(standingProfileId, 'TxDefaultProfile', 0, fromMs - dayMs, limitA))
  }

  /**
   * How far the unit's clock is behind beyond what is tolerated, ms: it is told times as it shows them, or a limit would begin late and
   * end late. One that is ahead ends its limits early, which is safe; its clock may have been set right within the hour that is looked at.
   */
  #behindMs(nowMs: number): number {
    const aheadS = this.#unit.clock.aheadS(Instant.ofEpochMilli(nowMs))
    return aheadS !== null && aheadS < 0 && isClockOff(aheadS) ? -aheadS * 1_000 : 0
  }

  async command(command: UnitCommand): Promise<CommandAnswer> {
    const { action, params } = messageFor(command)
    try {
      return answerIn(await this.#client.call(action, params, { callTimeoutMs: answerTimeoutMs }))
    } catch (error) {
      // Only the message: the error may hold the request, and with it a password.
      this.#log.debug({ identity: this.#unit.identity, action, reason: messageOf(error) }, 'command not answered')
      return { outcome: isUnsupported(error) ? 'not-supported' : 'no-answer', status: null }
    }
  }

  allowedA(connectorId: number): Promise<number | null> {
    return askAllowedA(this.#client, { connectorId })
  }

  close(options: { code?: number; force?: boolean }): Promise<unknown> {
    return this.#client.close(options)
  }

  async #setProfile(connectorId: number, csChargingProfiles: Profile): Promise<SentResult> {
    try {
      const request: OCPP16.SetChargingProfileRequest = { connectorId, csChargingProfiles }
      const answer = (await this.#client.call('SetChargingProfile', request, {
        callTimeoutMs: answerTimeoutMs,
      })) as OCPP16.SetChargingProfileResponse
      return answer.status === 'Accepted' ? 'accepted' : answer.status === 'Rejected' ? 'rejected' : 'not-supported'
    } catch (error) {
      this.#log.debug({ identity: this.#unit.identity, reason: messageOf(error) }, 'set point not answered')
      return 'no-answer'
    }
  }
}

/** An absolute profile of one step. Absolute profiles must carry startSchedule, or units ignore them. */
function profileOf(
  chargingProfileId: number,
  chargingProfilePurpose: Profile['chargingProfilePurpose'],
  stackLevel: number,
  startMs: number,
  limitA: number,
): Profile {
  return {
    chargingProfileId,
    stackLevel,
    chargingProfilePurpose,
    chargingProfileKind: 'Absolute',
    chargingSchedule: {
      startSchedule: Instant.ofEpochMilli(startMs).toString(),
      chargingRateUnit: 'A',
      chargingSchedulePeriod: [{ startPeriod: 0, limit: limitA }],
    },
  }
}
