import { RPCClient } from 'ocpp-rpc'
import type { OCPP20 } from 'typed-ocpp'
import type { Clock } from '../../../platform/clock/index.ts'

/** A command as a station received it. */
export type Received = [action: string, params: Record<string, unknown>]
type Event = Partial<OCPP20.TransactionEventRequest> & Pick<OCPP20.TransactionEventRequest, 'eventType'>

/** A charging station of a test: real OCPP 2.0.1, driven message by message. What it sends is checked against the standard's schemas. */
export class TestStation {
  readonly identity: string
  readonly received: Received[] = []
  /** Its answers by action, in place of plain acceptance. */
  readonly answers: Record<string, (params: never) => object | Promise<object>> = {}
  readonly #client: RPCClient
  readonly #clock: Clock
  #seqNo = 0

  constructor(
    ocppUrl: string,
    identity: string,
    clock: Clock,
    options: { password: Buffer; protocols?: string[]; isStrict?: boolean },
  ) {
    this.identity = identity
    this.#clock = clock
    const { password, protocols = ['ocpp2.0.1'], isStrict = true } = options
    const settings = { identity, endpoint: ocppUrl, protocols, strictMode: isStrict, reconnect: false, password }
    this.#client = new RPCClient(settings as unknown as ConstructorParameters<typeof RPCClient>[0])
    this.#client.handle(async ({ method = '', params }: { method?: string; params?: object }) => {
      this.received.push([method, params as Record<string, unknown>])
      return (await this.answers[method]?.(params as never)) ?? { status: 'Accepted' }
    })
    this.answers['GetVariables'] = ({ getVariableData }: OCPP20.GetVariablesRequest) => ({
      getVariableResult: getVariableData.map((each) => ({ ...each, attributeStatus: 'UnknownVariable' })),
    })
  }

  get protocol(): string | undefined {
    return this.#client.protocol
  }

  connect(): Promise<unknown> {
    return this.#client.connect()
  }

  /** Connects and introduces itself; resolves when its standing limit has come. */
  async boot(sockets = 1): Promise<void> {
    await this.connect()
    const chargingStation = { vendorName: 'Test', model: 'Test', firmwareVersion: '2.0' }
    await this.call('BootNotification', { reason: 'PowerUp', chargingStation })
    for (let evseId = 1; evseId <= sockets; evseId++) await this.status(evseId, 'Available')
  }

  call(action: string, params: object): Promise<unknown> {
    return this.#client.call(action, params)
  }

  async status(evseId: number, connectorStatus: string): Promise<void> {
    await this.call('StatusNotification', { timestamp: this.now(), connectorStatus, evseId, connectorId: 1 })
  }

  /** Tells of a transaction; what is left out is as in a charge at socket 1 now. */
  event(transactionId: string, given: Event & { chargingState?: string }): Promise<OCPP20.TransactionEventResponse> {
    const { chargingState, ...rest } = given
    const transactionInfo = { transactionId, ...(chargingState ? { chargingState } : {}) }
    return this.call('TransactionEvent', {
      timestamp: this.now(),
      triggerReason: 'Authorized',
      seqNo: this.#seqNo++,
      transactionInfo,
      evse: { id: 1, connectorId: 1 },
      ...rest,
    }) as Promise<OCPP20.TransactionEventResponse>
  }

  /** Plugs in a vehicle and begins its charge. */
  async plugIn(evseId: number, transactionId: string, idToken: string, registerWh = 0): Promise<void> {
    await this.status(evseId, 'Occupied')
    const token = { idToken, type: 'ISO14443' } as const
    await this.call('Authorize', { idToken: token })
    await this.event(transactionId, {
      eventType: 'Started',
      evse: { id: evseId, connectorId: 1 },
      idToken: token,
      chargingState: 'Charging',
      meterValue: [this.reading(registerWh, null, 'Transaction.Begin')],
    })
  }

  /** Readings of a register, Wh, and of a power, W, now. */
  reading(
    energyWh: number,
    powerW: number | null,
    context: OCPP20.ReadingContextEnumType = 'Sample.Periodic',
    at = this.now(),
  ): OCPP20.MeterValueType {
    const register = { value: energyWh / 1_000, context, unitOfMeasure: { unit: 'Wh', multiplier: 3 } }
    const power = {
      value: powerW ?? 0,
      context,
      measurand: 'Power.Active.Import' as const,
      unitOfMeasure: { unit: 'W' },
    }
    return { timestamp: at, sampledValue: [register, ...(powerW === null ? [] : [power])] }
  }

  /** Limits of the transaction profiles received for a socket, A, in order. */
  limits(evseId: number): number[] {
    return this.profiles()
      .filter((each) => each.evseId === evseId && each.chargingProfile.chargingProfilePurpose === 'TxProfile')
      .map(({ chargingProfile }) => chargingProfile.chargingSchedule[0]?.chargingSchedulePeriod[0]?.limit ?? Number.NaN)
  }

  profiles(): OCPP20.SetChargingProfileRequest[] {
    return this.received
      .filter(([action]) => action === 'SetChargingProfile')
      .map(([, params]) => params as unknown as OCPP20.SetChargingProfileRequest)
  }

  async hangUp(): Promise<void> {
    await this.#client.close({ force: true })
  }

  now(): string {
    return this.#clock.now().toString()
  }
}
