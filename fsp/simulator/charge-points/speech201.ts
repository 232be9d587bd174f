import type { OCPP16, OCPP20 } from 'typed-ocpp'
import { commands201 } from './commands201.ts'
import type { Handler } from './handler.ts'
import type { Named } from './named.ts'
import type { Speech, Spoken, StartAnswer } from './speech.ts'

type Trigger = OCPP20.TransactionEventRequest['triggerReason']

const stateOf: Record<string, NonNullable<Named['chargingState']>> = {
  Preparing: 'EVConnected',
  Charging: 'Charging',
  SuspendedEV: 'SuspendedEV',
  SuspendedEVSE: 'SuspendedEVSE',
}

/** OCPP 2.0.1: transactions are events under a name of the unit's own, with their meter values and charging states. */
export class Speech201 implements Speech {
  readonly subprotocol = 'ocpp2.0.1'
  readonly #identity: string
  readonly #transactions = new Map<number, Named>()
  /** The last state of each connector that was told. */
  readonly #told = new Map<number, string>()
  #count = 0

  constructor(identity: string) {
    this.#identity = identity
  }

  /** The transaction with a name of the unit's own. */
  named(name: string): Named | undefined {
    return [...this.#transactions.values()].find((each) => each.name === name)
  }

  commands(known: Record<string, Handler>): Record<string, Handler> {
    return commands201(known, this)
  }

  say(action: string, params: object, isOffline: boolean): Spoken | null {
    switch (action) {
      case 'BootNotification':
        return asIs('BootNotification', bootOf(params as OCPP16.BootNotificationRequest))
      case 'Authorize': {
        const { idTag } = params as OCPP16.AuthorizeRequest
        const answer = (given: unknown) => ({ idTagInfo: (given as OCPP20.AuthorizeResponse).idTokenInfo })
        return { action, params: { idToken: tokenOf(idTag) }, answer }
      }
      case 'StartTransaction':
        return this.#start(params as OCPP16.StartTransactionRequest, isOffline)
      case 'MeterValues':
        return this.#meter(params as OCPP16.MeterValuesRequest, isOffline)
      case 'StopTransaction':
        return this.#stop(params as OCPP16.StopTransactionRequest, isOffline)
      case 'StatusNotification':
        return this.#status(params as OCPP16.StatusNotificationRequest)
      case 'FirmwareStatusNotification':
        return asIs(action, { ...params, requestId: 1 })
      case 'DiagnosticsStatusNotification':
        return asIs('LogStatusNotification', { ...params, requestId: 1 })
      default:
        return asIs(action, params)
    }
  }

  #start(given: OCPP16.StartTransactionRequest, isOffline: boolean): Spoken {
    const { connectorId, idTag, meterStart, timestamp } = given
    const number = ++this.#count
    const name = `${this.#identity}-${Date.parse(timestamp).toString(36)}-${number}`.slice(-36)
    const named: Named = { name, number, connectorId, seqNo: 0, chargingState: 'EVConnected' }
    this.#transactions.set(connectorId, named)
    const sampled = register(meterStart, 'Transaction.Begin')
    const told = this.#event(named, 'Started', 'Authorized', { timestamp, isOffline })
    const params = { ...told, idToken: tokenOf(idTag), meterValue: [{ timestamp, sampledValue: [sampled] }] }
    return {
      action: 'TransactionEvent',
      params,
      answer(answered): StartAnswer {
        const { idTokenInfo } = answered as OCPP20.TransactionEventResponse
        return {
          transactionId: number,
          idTagInfo: { status: idTokenInfo?.status === 'Accepted' ? 'Accepted' : 'Invalid' },
        }
      },
    }
  }

  #meter({ connectorId, meterValue }: OCPP16.MeterValuesRequest, isOffline: boolean): Spoken {
    const named = this.#transactions.get(connectorId)
    const values = meterValue.map(({ timestamp, sampledValue }) => ({
      timestamp,
      sampledValue: sampledValue.map(sampleOf),
    }))
    const [first] = meterValue
    if (!named || !first) return asIs('MeterValues', { evseId: connectorId, meterValue: values })
    const trigger = first.sampledValue[0]?.context === 'Trigger' ? 'Trigger' : 'MeterValuePeriodic'
    const told = this.#event(named, 'Updated', trigger, { timestamp: first.timestamp, isOffline })
    return asIs('TransactionEvent', { ...told, meterValue: values })
  }

  #stop(
    { transactionId, meterStop, timestamp, reason }: OCPP16.StopTransactionRequest,
    isOffline: boolean,
  ): Spoken | null {
    const named = [...this.#transactions.values()].find(({ number }) => number === transactionId)
    if (!named) return null
    this.#transactions.delete(named.connectorId)
    const trigger = reason === 'EVDisconnected' ? 'EVDeparted' : 'StopAuthorized'
    const told = this.#event(named, 'Ended', trigger, { timestamp, isOffline })
    const stoppedReason = reasonOf(reason)
    return asIs('TransactionEvent', {
      ...told,
      transactionInfo: { ...told.transactionInfo, stoppedReason },
      meterValue: [{ timestamp, sampledValue: [register(meterStop, 'Transaction.End')] }],
    })
  }

  /** A change within a transaction is an event of it; the connector itself is free, occupied or out of order. */
  #status({ connectorId, status, timestamp = '' }: OCPP16.StatusNotificationRequest): Spoken | null {
    if (connectorId === 0) return null
    const named = this.#transactions.get(connectorId)
    const chargingState = stateOf[status]
    if (named && chargingState !== undefined && this.#told.get(connectorId) === 'Occupied') {
      named.chargingState = chargingState
      return asIs(
        'TransactionEvent',
        this.#event(named, 'Updated', 'ChargingStateChanged', { timestamp, isOffline: false }),
      )
    }
    const known = ['Available', 'Reserved', 'Unavailable', 'Faulted'] as const
    const connectorStatus = known.find((each) => each === status) ?? 'Occupied'
    this.#told.set(connectorId, connectorStatus)
    return asIs('StatusNotification', { timestamp, connectorStatus, evseId: connectorId, connectorId: 1 })
  }

  #event(
    named: Named,
    eventType: OCPP20.TransactionEventRequest['eventType'],
    triggerReason: Trigger,
    { timestamp, isOffline }: { timestamp: string; isOffline: boolean },
  ): OCPP20.TransactionEventRequest {
    const { name: transactionId, connectorId: id, chargingState } = named
    return {
      eventType,
      timestamp,
      triggerReason,
      seqNo: named.seqNo++,
      offline: isOffline,
      transactionInfo: { transactionId, ...(chargingState ? { chargingState } : {}) },
      evse: { id, connectorId: 1 },
    }
  }
}

function asIs(action: string, params: object): Spoken {
  return { action, params, answer: (given) => given }
}

function bootOf(given: OCPP16.BootNotificationRequest): OCPP20.BootNotificationRequest {
  const { chargePointVendor: vendorName, chargePointModel: model, chargePointSerialNumber, firmwareVersion } = given
  const serial = chargePointSerialNumber === undefined ? {} : { serialNumber: chargePointSerialNumber }
  const firmware = firmwareVersion === undefined ? {} : { firmwareVersion }
  return { reason: 'PowerUp', chargingStation: { vendorName, model, ...serial, ...firmware } }
}

/** A token, or what a vehicle says of itself. */
function tokenOf(idTag: string): OCPP20.AuthorizeRequest['idToken'] {
  if (idTag.startsWith('VID:')) return { idToken: idTag.slice(4), type: 'MacAddress' }
  if (idTag.startsWith('EMAID:')) return { idToken: idTag.slice(6), type: 'eMAID' }
  return { idToken: idTag, type: 'ISO14443' }
}

function register(energyWh: number, context: OCPP20.ReadingContextEnumType): OCPP20.SampledValueType {
  return { value: energyWh, context, measurand: 'Energy.Active.Import.Register', unitOfMeasure: { unit: 'Wh' } }
}

function sampleOf(given: OCPP16.MeterValuesRequest['meterValue'][number]['sampledValue'][number]) {
  const { value, context, measurand, unit } = given
  return { value: Number(value), context, measurand, ...(unit ? { unitOfMeasure: { unit } } : {}) }
}

function reasonOf(reason: OCPP16.StopTransactionRequest['reason']) {
  switch (reason) {
    case 'EVDisconnected':
    case 'DeAuthorized':
    case 'Remote':
    case 'Other':
      return reason
    case 'HardReset':
    case 'SoftReset':
      return 'ImmediateReset'
    case 'UnlockCommand':
      return 'Other'
    default:
      return 'Local'
  }
}
