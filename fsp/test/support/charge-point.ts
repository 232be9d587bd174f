import type { Instant } from '@js-joda/core'
import { RPCClient } from 'ocpp-rpc'
import type { OCPP16 } from 'typed-ocpp'
import type { Clock } from '../../../platform/clock/index.ts'

/** One set point as a charge point received it. */
export interface ReceivedProfile {
  at: Instant
  connectorId: number
  profile: OCPP16.SetChargingProfileRequest['csChargingProfiles']
}

/** How a charge point proves who it is: a password (profiles 1 and 2), or a certificate and its key (profile 3). */
export interface Proof {
  password?: Buffer | null
  tls?: { ca?: string; cert?: string; key?: string; checkServerIdentity?(): undefined }
  /** Whether it checks what it sends against the OCPP schema first, as it does by default. */
  isStrict?: boolean
}

/** A charge point of a test: real OCPP 1.6-J, driven message by message. */
export class TestChargePoint {
  readonly identity: string
  readonly received: ReceivedProfile[] = []
  /** Answers to the next set points, before all others are accepted. */
  answers: OCPP16.SetChargingProfileResponse['status'][] = []
  /** Changes of its configuration, and how it answers them. */
  readonly configured: OCPP16.ChangeConfigurationRequest[] = []
  configurationAnswer: OCPP16.ChangeConfigurationResponse['status'] | 'hang up' = 'Accepted'
  readonly #client: RPCClient
  readonly #clock: Clock
  /** Connectors whose charge has begun, but has no number yet. */
  readonly #starting = new Set<number>()

  constructor(
    ocppUrl: string,
    identity: string,
    clock: Clock,
    { password = null, tls = {}, isStrict = true }: Proof = {},
  ) {
    this.identity = identity
    this.#clock = clock
    this.#client = new RPCClient({
      identity,
      endpoint: ocppUrl,
      protocols: ['ocpp1.6'],
      strictMode: isStrict,
      reconnect: false,
      password,
      wsOpts: tls,
    } as ConstructorParameters<typeof RPCClient>[0])
    this.#client.handle('SetChargingProfile', async ({ params }) => {
      const { connectorId, csChargingProfiles: profile } = params as OCPP16.SetChargingProfileRequest
      const status = this.#isUntold(connectorId, profile) ? 'Rejected' : (this.answers.shift() ?? 'Accepted')
      this.received.push({ at: clock.now(), connectorId, profile })
      return { status }
    })
    this.#client.handle('ChangeConfiguration', async ({ params }) => {
      this.configured.push(params as OCPP16.ChangeConfigurationRequest)
      if (this.configurationAnswer !== 'hang up') return { status: this.configurationAnswer }
      await this.hangUp()
      return {}
    })
  }

  /** Answers a command of the central system with what a test says. */
  on(action: string, answer: (params: never) => object | Promise<object>): void {
    this.#client.handle(action, async ({ params }: { params?: object }) => answer(params as never))
  }

  /** Connects and introduces itself; resolves when its standing limit has come. */
  async boot(): Promise<void> {
    await this.#client.connect()
    await this.call('BootNotification', { chargePointVendor: 'Test', chargePointModel: 'Test' })
    await this.status(1, 'Available')
  }

  /** Connects and says nothing. */
  async connect(): Promise<void> {
    await this.#client.connect()
  }

  async call(action: string, params: object): Promise<unknown> {
    if (action !== 'StartTransaction') return this.#client.call(action, params)
    const { connectorId } = params as OCPP16.StartTransactionRequest
    this.#starting.add(connectorId)
    return this.#client.call(action, params).finally(() => this.#starting.delete(connectorId))
  }

  /** A charge point refuses a limit for a charge whose number it has not been told yet. */
  #isUntold(connectorId: number, { chargingProfilePurpose }: ReceivedProfile['profile']): boolean {
    return chargingProfilePurpose === 'TxProfile' && this.#starting.has(connectorId)
  }

  async status(connectorId: number, status: OCPP16.StatusNotificationRequest['status']): Promise<void> {
    await this.call('StatusNotification', { connectorId, status, errorCode: 'NoError', timestamp: this.#now() })
  }

  /** Plugs in a vehicle and begins its charge. */
  async plugIn(connectorId: number, idTag: string, meterStart = 0): Promise<number> {
    await this.status(connectorId, 'Preparing')
    await this.call('Authorize', { idTag })
    const answer = (await this.call('StartTransaction', {
      connectorId,
      idTag,
      meterStart,
      timestamp: this.#now(),
    })) as OCPP16.StartTransactionResponse
    await this.status(connectorId, 'Charging')
    return answer.transactionId
  }

  async meter(
    connectorId: number,
    transactionId: number,
    energyWh: number,
    powerW: number,
    at = this.#now(),
  ): Promise<void> {
    await this.call('MeterValues', {
      connectorId,
      transactionId,
      meterValue: [
        {
          timestamp: at,
          sampledValue: [
            { value: String(energyWh), measurand: 'Energy.Active.Import.Register', unit: 'Wh' },
            { value: String(powerW), measurand: 'Power.Active.Import', unit: 'W' },
          ],
        },
      ],
    })
  }

  async stop(transactionId: number, meterStop: number, at = this.#now()): Promise<void> {
    await this.call('StopTransaction', { transactionId, meterStop, timestamp: at, reason: 'Local' })
  }

  /** Limits of the transaction profiles received for a connector, A, in order. */
  limits(connectorId: number): number[] {
    return this.received
      .filter((r) => r.connectorId === connectorId && r.profile.chargingProfilePurpose === 'TxProfile')
      .map((r) => r.profile.chargingSchedule.chargingSchedulePeriod[0]?.limit ?? Number.NaN)
  }

  /** Sends whatever it is given. */
  sendRaw(text: string): void {
    this.#client.sendRaw(text)
  }

  async hangUp(): Promise<void> {
    await this.#client.close({ force: true })
  }

  #now(): string {
    return this.#clock.now().toString()
  }
}
