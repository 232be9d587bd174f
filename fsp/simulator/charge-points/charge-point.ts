import type { OCPP16 } from 'typed-ocpp'
import type { Clock } from '../../../platform/clock/index.ts'
import type { Log } from '../../../platform/log/index.ts'
import type { ChargePointModel } from '../../../schemas/fsp/depots.ts'
import { isoOf } from '../common/local-time.ts'
import type { OcppCounts } from '../common/tally.ts'
import type { Mounting } from '../vehicles/layout.ts'
import { tokenShown } from '../vehicles/vehicle.ts'
import { showToken } from './card-reader.ts'
import { Configuration } from './configuration.ts'
import { type ConnectorState, idleState, isSampleDue, newcomer, type Status, statusOf } from './connector-state.ts'
import { ElectricalUnit, type Transaction } from './electrical.ts'
import { type FirmwareUpdate, proceedWithUpdate } from './firmware.ts'
import type { Handler } from './handler.ts'
import { Link } from './link.ts'
import { sampleOf } from './samples.ts'
import { type SpokenVersion, speech16 } from './speech.ts'
import { Speech201 } from './speech201.ts'

type StopReason = NonNullable<OCPP16.StopTransactionRequest['reason']>

/** The units' AuthorizationKeys, in hexadecimal, which outlive the simulator if it is to be let in after a change. */
export interface AuthorizationKeys {
  of(identity: string): string
  /** Remembers the key that the central system has given a unit. */
  changed(identity: string, key: string): void
}

export interface ChargePointOptions {
  mounting: Mounting
  ocppUrl: string
  keys: AuthorizationKeys
  /** Authorities (PEM) that the central system's certificate must come from, if not the usual ones. */
  ca?: string
  registersWh: readonly number[]
  /** The version of OCPP that it speaks: 1.6 unless another is stated. */
  speaks?: SpokenVersion
  clock: Clock
  log: Log
  counts: OcppCounts
  /** The unit's handlers for commands from the central system. */
  commands: (unit: ChargePoint) => Record<string, Handler>
}

/**
 * A charge point as its central system knows it: it notices vehicles, asks whether they may charge, runs transactions, samples its meters,
 * and obeys. Messages about transactions are recorded with their time and sent in order, at once or when the link is back.
 */
export class ChargePoint {
  readonly identity: string
  readonly feeder: number
  readonly electrical: ElectricalUnit
  readonly link: Link
  readonly configuration: Configuration
  readonly states: readonly ConnectorState[]
  /** When the last setpoint was accepted: some models need time between two. */
  setpointMs = Number.NEGATIVE_INFINITY
  /** What it runs; `null`: it does not say. */
  firmware: string | null
  /** The update of its firmware that is under way. */
  update: FirmwareUpdate | null = null
  /** How far its own clock is ahead of the time, ms; it stamps its messages and reads limits by it. */
  clockAheadMs = 0
  /** Whether it sets its clock when the central system tells the time. */
  isClockFree = false
  readonly #mounting: Mounting
  readonly #clock: Clock
  readonly #keys: AuthorizationKeys
  #spokenMs = 0
  #background: Promise<void> = Promise.resolve()
  #waiting = 0

  constructor(options: ChargePointOptions) {
    const { mounting, clock, counts, log } = options
    const { identity, feeder, sockets } = mounting
    this.identity = identity
    this.feeder = feeder
    this.firmware = mounting.firmware
    this.#mounting = mounting
    this.#clock = clock
    this.electrical = new ElectricalUnit(() => this.model, sockets, this.nowMs(), options.registersWh)
    this.configuration = new Configuration(sockets.length, options.keys.of(identity))
    this.#keys = options.keys
    this.states = this.electrical.connectors.map(idleState)
    const onAccepted = (answer: OCPP16.BootNotificationResponse) => this.#introduce(answer)
    this.link = new Link({
      identity,
      ocppUrl: options.ocppUrl,
      authorizationKey: () => this.configuration.authorizationKey,
      ...(options.ca === undefined ? {} : { ca: options.ca }),
      speech: options.speaks === 'ocpp2.0.1' ? new Speech201(identity) : speech16,
      counts,
      log,
      boot: () => this.#bootMessage(),
      onAccepted,
      handlers: options.commands(this),
    })
  }

  /** Its model as it behaves under the firmware that it runs. */
  get model(): ChargePointModel {
    const { model, variants } = this.#mounting
    return (this.firmware === null ? undefined : variants.get(this.firmware)) ?? model
  }

  /** An instant as its own clock shows it. */
  stamp(atMs: number): string {
    return isoOf(atMs + this.clockAheadMs)
  }

  /** Sets its clock, and whether it takes the time from the central system from then on. */
  setClock(aheadMs: number, isFree: boolean): void {
    this.electrical.advance(this.nowMs())
    this.clockAheadMs = aheadMs
    this.isClockFree = isFree
    this.electrical.setClock(aheadMs)
  }

  /** Runs other firmware from an instant on; limits do not outlast the restart, vehicles that stand there are seen anew. */
  runFirmware(version: string, atMs: number): void {
    this.electrical.setProfiles([], atMs)
    this.firmware = version
    for (const state of this.states) Object.assign(state, newcomer)
  }

  /**
   * The cable of a vehicle is pulled out and plugged in again at once. What follows is the model's: a charge that goes on, at full power
   * since its limit is forgotten; a new one with the same token; or a driver who has to show it again.
   */
  replug(state: ConnectorState, atMs: number): void {
    const { connector } = state
    const { transaction } = connector
    if (!transaction) return
    if (this.model.replug === 'goes-on') {
      this.#reportAs(state, 'SuspendedEV', atMs)
      this.electrical.unbind(connector, atMs)
      this.report(state, atMs)
      return
    }
    this.stop(state, 'EVDisconnected', atMs)
    connector.occupant = null
    Object.assign(state, newcomer)
    this.report(state, atMs)
    connector.occupant = connector.socket.vehicle
    if (this.model.replug === 'new-transaction' && connector.occupant) this.start(state, transaction.idTag, atMs)
  }

  /** The connector with a number; `undefined` if the unit has none. */
  stateAt(connectorId: number): ConnectorState | undefined {
    return this.states.find(({ connector }) => connector.socket.connectorId === connectorId)
  }

  nowMs(): number {
    return this.#clock.now().toEpochMilli()
  }

  /** Notices and reports what has changed by an instant. Vehicles must have moved, and energy must be computed, up to that instant. */
  async minute(atMs: number): Promise<void> {
    await this.#background
    for (const state of this.states) {
      this.#noticeDeparture(state, atMs)
      await this.#noticeArrival(state, atMs)
      await this.#noticeToken(state, atMs)
      if (state.connector.transaction?.refused) this.stop(state, 'DeAuthorized', atMs)
      const wasFull = state.status === 'SuspendedEV'
      this.report(state, atMs)
      if (isSampleDue(state, wasFull, this.configuration.sampleIntervalS, atMs))
        this.sample(state, atMs, 'Sample.Periodic')
    }
    await proceedWithUpdate(this, atMs)
    const { heartbeatS } = this.configuration
    if (heartbeatS > 0 && atMs - this.#spokenMs >= heartbeatS * 1000) this.say('Heartbeat', {})
    await this.link.flush()
  }

  /** Runs work that a command has triggered after the command is answered; the next minute waits for it. */
  later(work: () => void | Promise<void>): void {
    this.#waiting++
    this.#background = this.#background.then(async () => {
      await new Promise((resolve) => setImmediate(resolve))
      await work()
      await this.link.flush()
      this.#waiting--
    })
  }

  /** Whether the unit is linked and has finished all the work that commands have triggered. */
  get settled(): boolean {
    return this.link.ready && this.#waiting === 0
  }

  /** Connects again if the link is lost, after the work that commands have triggered. */
  async connect(): Promise<void> {
    await this.#background
    await this.link.connect(this.nowMs())
  }

  /** Uses a new AuthorizationKey: the unit ends its connection and opens one with it (OCPP 1.6 security whitepaper, section 2.4). */
  adoptKey(): void {
    this.#keys.changed(this.identity, this.configuration.authorizationKey)
    this.later(() => this.link.hangUp())
  }

  say(action: string, params: object): void {
    this.#spokenMs = this.nowMs()
    this.link.post(action, () => params)
  }

  /** Begins a transaction for the vehicle at a connector. If offline, the central system assigns its number later. */
  start(state: ConnectorState, idTag: string, atMs: number): void {
    const { connector } = state
    const transaction: Transaction = { transactionId: null, idTag, startedMs: atMs, refused: false }
    this.electrical.setTransaction(connector, transaction, atMs)
    Object.assign(state, { ...newcomer, awaited: null })
    state.sampledMs = atMs
    const params: OCPP16.StartTransactionRequest = {
      connectorId: connector.socket.connectorId,
      idTag,
      meterStart: Math.round(connector.registerWh),
      timestamp: this.stamp(atMs),
    }
    this.link.post('StartTransaction', () => params, {
      keep: true,
      onAnswer: (answer) => {
        const { transactionId, idTagInfo } = answer as OCPP16.StartTransactionResponse
        transaction.transactionId = transactionId
        transaction.refused = idTagInfo.status !== 'Accepted'
      },
    })
    this.report(state, atMs)
  }

  /** Ends a connector's transaction, if it has one. */
  stop(state: ConnectorState, reason: StopReason, atMs: number): void {
    const { connector } = state
    const { transaction } = connector
    if (!transaction) return
    this.electrical.setTransaction(connector, null, atMs)
    Object.assign(state, { done: true, ended: true })
    const [meterStop, timestamp] = [Math.round(connector.registerWh), this.stamp(atMs)]
    this.link.post(
      'StopTransaction',
      () => {
        const { transactionId, idTag } = transaction
        // A start that the central system refused to record has no number, so its stop would be meaningless.
        return transactionId === null ? null : { transactionId, idTag, meterStop, timestamp, reason }
      },
      { keep: true },
    )
    this.report(state, atMs)
  }

  /** Reports a connector's status if it differs from the last report. */
  report(state: ConnectorState, atMs: number, always = false): void {
    const status = statusOf(this.electrical, state, atMs)
    if (status !== state.status || always) this.#reportAs(state, status, atMs)
  }

  #reportAs(state: ConnectorState, status: Status, atMs: number): void {
    state.status = status
    this.say('StatusNotification', {
      connectorId: state.connector.socket.connectorId,
      status,
      timestamp: this.stamp(atMs),
      errorCode: state.faulted ? 'InternalError' : 'NoError',
    } satisfies OCPP16.StatusNotificationRequest)
  }

  /** Records the meter values of a connector in use. */
  sample(state: ConnectorState, atMs: number, context: 'Sample.Periodic' | 'Trigger'): void {
    const { connector } = state
    const { transaction } = connector
    const taken = sampleOf(this.electrical, connector, this.configuration.sampled, atMs, context)
    const meterValue = [{ ...taken, timestamp: this.stamp(atMs) }]
    const { connectorId } = connector.socket
    state.sampledMs = atMs
    this.#spokenMs = atMs
    this.link.post(
      'MeterValues',
      () => {
        const transactionId = transaction?.transactionId ?? null
        return { connectorId, meterValue, ...(transactionId === null ? {} : { transactionId }) }
      },
      { keep: transaction !== null },
    )
  }

  #introduce(answer: OCPP16.BootNotificationResponse): void {
    const atMs = this.nowMs()
    if (!this.isClockFree) this.setClock(0, false)
    if (answer.interval > 0) this.configuration.set('HeartbeatInterval', String(answer.interval))
    const unit = { connectorId: 0, status: 'Available', errorCode: 'NoError', timestamp: this.stamp(atMs) }
    this.say('StatusNotification', unit)
    for (const state of this.states) this.report(state, atMs, true)
  }

  #bootMessage(): OCPP16.BootNotificationRequest {
    const { vendor, model } = this.model
    return {
      chargePointVendor: vendor.slice(0, 20),
      chargePointModel: (model.split('@')[0] ?? model).slice(0, 20),
      chargePointSerialNumber: this.identity.slice(0, 25),
      ...(this.firmware === null ? {} : { firmwareVersion: this.firmware.slice(0, 50) }),
    }
  }

  #noticeDeparture(state: ConnectorState, atMs: number): void {
    const { connector } = state
    if (!connector.occupant || connector.socket.vehicle === connector.occupant) return
    this.stop(state, 'EVDisconnected', atMs)
    connector.occupant = null
    Object.assign(state, newcomer)
    this.report(state, atMs)
  }

  async #noticeArrival(state: ConnectorState, atMs: number): Promise<void> {
    const { connector } = state
    const { vehicle } = connector.socket
    connector.occupant = vehicle
    if (state.awaited && state.awaited.untilMs <= atMs) state.awaited = null
    if (!vehicle || connector.transaction || state.done || state.faulted || !state.operative) return
    this.report(state, atMs)
    // A token that was let charge before is not asked about again.
    if (state.awaited) return this.start(state, state.awaited.idTag, atMs)
    const idTag = tokenShown(vehicle, atMs)
    if (idTag !== null && idTag !== state.refusedToken) await showToken(this, state, idTag, atMs)
  }

  async #noticeToken(state: ConnectorState, atMs: number): Promise<void> {
    const { socket } = state.connector
    const { heldToken } = socket
    socket.heldToken = null
    if (heldToken !== null) await showToken(this, state, heldToken, atMs)
  }
}
