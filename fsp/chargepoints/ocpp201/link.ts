import { Instant } from '@js-joda/core'
import { messageOf } from '../../../platform/errors/index.ts'
import type { Log } from '../../../platform/log/index.ts'
import { askAllowedA } from '../composite.ts'
import {
  answerTimeoutMs,
  type CommandAnswer,
  isUnsupported,
  type OcppCaller,
  type SentResult,
  type SocketLimit,
  type UnitCommand,
  type UnitLink,
} from '../port.ts'
import type { Unit } from '../units.ts'
import { answerIn, messagesFor, settingsIn } from './commands.ts'
import type { ReportedVariable, Used201 } from './forms.ts'

const standingProfileId = 1
const transactionProfileId = 100
/** Most variables of a report that are kept: stations have some hundreds. */
const mostReported = 5_000

/** A report that is under way, which comes in parts. */
interface Report {
  variables: ReportedVariable[]
  done(): void
}

/** The port to a charge point by OCPP 2.0.1. */
export class Ocpp201Link implements UnitLink {
  readonly protocol = 'ocpp2.0.1'
  readonly #unit: Unit
  readonly #client: OcppCaller
  readonly #log: Log
  readonly #reports = new Map<number, Report>()
  #requests = 0
  /** Whether a limit for the whole unit is refused, so that each socket is given its own. */
  #isPerSocket = false

  constructor(unit: Unit, client: OcppCaller, log: Log) {
    this.#unit = unit
    this.#client = client
    this.#log = log
  }

  limit({ connector, unitTransactionId, limitA, fromMs, untilMs }: SocketLimit): Promise<SentResult> {
    const profile = profileOf(transactionProfileId + connector, 'TxProfile', 1, fromMs, limitA)
    const validTo = Instant.ofEpochMilli(untilMs).toString()
    return this.#setProfile(connector, { ...profile, transactionId: unitTransactionId, validTo })
  }

  /** A unit that refuses one limit for all of its sockets is given one for each. */
  async standingLimit(limitA: number, fromMs: number): Promise<SentResult> {
    const set = (evse: number) =>
      this.#setProfile(evse, profileOf(standingProfileId + evse, 'TxDefaultProfile', 0, fromMs, limitA))
    if (!this.#isPerSocket) {
      const result = await set(0)
      if (result !== 'rejected') return result
    }
    for (const { connector } of this.#unit.connectors) {
      const result = await set(connector)
      if (result !== 'accepted') return result
    }
    this.#isPerSocket = true
    return 'accepted'
  }

  async command(command: UnitCommand): Promise<CommandAnswer> {
    if (command.kind === 'read-settings' && command.keys.length === 0) return this.#readAll()
    const keys = command.kind === 'read-settings' ? command.keys : []
    let answer: CommandAnswer = { outcome: 'no-answer', status: null }
    for (const { action, params } of messagesFor(this.#unit, command, ++this.#requests)) {
      answer = await this.#ask(action, params, keys)
      if (answer.outcome !== 'answered') return answer
    }
    return answer
  }

  /** Takes in a part of a report. */
  takeReport({ requestId, tbc, reportData }: Used201<'NotifyReport'>): void {
    const report = this.#reports.get(requestId)
    if (!report) return
    report.variables.push(...reportData.slice(0, mostReported - report.variables.length))
    if (!tbc) report.done()
  }

  allowedA(evseId: number): Promise<number | null> {
    return askAllowedA(this.#client, { evseId })
  }

  close(options: { code?: number; force?: boolean }): Promise<unknown> {
    return this.#client.close(options)
  }

  /** Asks for the report of all settings, and waits for its last part. */
  async #readAll(): Promise<CommandAnswer> {
    const requestId = ++this.#requests
    const { promise, resolve } = Promise.withResolvers<'whole' | 'late'>()
    const report: Report = { variables: [], done: () => resolve('whole') }
    this.#reports.set(requestId, report)
    const timer = setTimeout(() => resolve('late'), answerTimeoutMs)
    try {
      const answer = await this.#ask('GetBaseReport', { requestId, reportBase: 'FullInventory' }, [])
      if (answer.status !== 'Accepted') return answer
      const end = await promise
      if (end === 'late' && report.variables.length === 0) return { outcome: 'no-answer', status: null }
      return { ...answer, settings: settingsIn(report.variables), unknownKeys: [] }
    } finally {
      clearTimeout(timer)
      this.#reports.delete(requestId)
    }
  }

  async #ask(action: string, params: object, keys: readonly string[]): Promise<CommandAnswer> {
    try {
      return answerIn(await this.#client.call(action, params, { callTimeoutMs: answerTimeoutMs }), keys)
    } catch (error) {
      // Only the message: the error may hold the request, and with it a password.
      this.#log.debug({ identity: this.#unit.identity, action, reason: messageOf(error) }, 'command not answered')
      return { outcome: isUnsupported(error) ? 'not-supported' : 'no-answer', status: null }
    }
  }

  async #setProfile(evseId: number, chargingProfile: object): Promise<SentResult> {
    const { outcome, status } = await this.#ask('SetChargingProfile', { evseId, chargingProfile }, [])
    if (outcome !== 'answered') return outcome
    return status === 'Accepted' ? 'accepted' : 'rejected'
  }
}

/** An absolute profile of one step; its schedule bears the profile's number. */
function profileOf(id: number, purpose: string, stackLevel: number, startMs: number, limitA: number) {
  return {
    id,
    stackLevel,
    chargingProfilePurpose: purpose,
    chargingProfileKind: 'Absolute',
    chargingSchedule: [
      {
        id,
        startSchedule: Instant.ofEpochMilli(startMs).toString(),
        chargingRateUnit: 'A',
        chargingSchedulePeriod: [{ startPeriod: 0, limit: limitA }],
      },
    ],
  }
}
