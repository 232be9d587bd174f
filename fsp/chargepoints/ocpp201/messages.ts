import type { FspContext } from '../../app/context.ts'
import { type Dialect, dialectOf } from '../dialect.ts'
import type { MessageListeners, MessageParts } from '../message-handlers.ts'
import { sharedHandlers } from '../messages.ts'
import { statedInstant } from '../stamps.ts'
import type { Unit } from '../units.ts'
import { type Action201, fault201, forms201, tokenIn, type Used201 } from './forms.ts'
import { Ocpp201Link } from './link.ts'
import { TransactionEvents } from './transaction-events.ts'

type Handlers = { [A in Action201]: (unit: Unit, used: Used201<A>) => Promise<object> }

/** OCPP 2.0.1. What it says goes the way of what 1.6 says: only its forms and the names of its messages are its own. */
export function ocpp201(context: FspContext, parts: MessageParts, listeners: MessageListeners): Dialect {
  return dialectOf({
    subprotocol: 'ocpp2.0.1',
    formError: 'FormatViolation',
    forms: forms201,
    handlers: handlersOf(context, parts, listeners),
    fault: fault201,
    link: (unit, client, log) => new Ocpp201Link(unit, client, log),
  })
}

function handlersOf(context: FspContext, parts: MessageParts, listeners: MessageListeners): Handlers {
  const shared = sharedHandlers(context, parts, listeners)
  const transaction = new TransactionEvents(context, parts, listeners)
  return {
    ...passedOver,
    ...chargingHandlersOf(transaction, parts),
    BootNotification: (unit, { chargingStation: said }) =>
      shared.BootNotification(unit, {
        chargePointVendor: said?.vendorName ?? null,
        chargePointModel: said?.model ?? null,
        firmwareVersion: said?.firmwareVersion ?? null,
      }),
    Heartbeat: shared.Heartbeat,
    async Authorize(unit, { idToken }) {
      const { idTagInfo } = await shared.Authorize(unit, { idTag: tokenIn(idToken) ?? '' })
      return { idTokenInfo: idTagInfo }
    },
    SecurityEventNotification: shared.SecurityEventNotification,
    FirmwareStatusNotification: shared.FirmwareStatusNotification,
    LogStatusNotification: shared.DiagnosticsStatusNotification,
    async NotifyChargingLimit(unit, { evseId, chargingLimit }) {
      // The operator of charge points (CSO) is who we are.
      if (chargingLimit?.chargingLimitSource !== 'CSO') listeners.onForeignLimit(unit, evseId ?? 0, true)
      return {}
    },
    async ClearedChargingLimit(unit, { evseId }) {
      listeners.onForeignLimit(unit, evseId ?? 0, false)
      return {}
    },
    async NotifyReport({ link }, report) {
      if (link instanceof Ocpp201Link) link.takeReport(report)
      return {}
    },
  }
}

type ChargingAction =
  | 'TransactionEvent'
  | 'StatusNotification'
  | 'NotifyEvent'
  | 'MeterValues'
  | 'NotifyEVChargingNeeds'

/** What it says of its sockets and of the vehicles there. */
function chargingHandlersOf(
  transaction: TransactionEvents,
  { vehicles }: MessageParts,
): Pick<Handlers, ChargingAction> {
  return {
    TransactionEvent: (unit, event) => transaction.event(unit, event),
    StatusNotification: (unit, { evseId, connectorStatus, timestamp }) =>
      transaction.status(unit, { evseId, status: connectorStatus, timestamp }),
    async NotifyEvent(unit, { eventData }) {
      for (const { component, variable, actualValue: status, timestamp } of eventData)
        if (variable.name === 'AvailabilityState' && component.evse !== null)
          await transaction.status(unit, { evseId: component.evse, status, timestamp })
      return {}
    },
    MeterValues: (unit, { evseId: connectorId, meterValue }) =>
      transaction.meter(unit, { connectorId, transactionId: null, meterValue }),
    async NotifyEVChargingNeeds(unit, { evseId, chargingNeeds }) {
      const { departureTime, acChargingParameters: ac, dcChargingParameters: dc } = chargingNeeds
      await vehicles.needs(unit, evseId, {
        energyWh: ac?.energyAmount ?? dc?.energyAmount ?? null,
        departureMs: statedInstant(departureTime)?.toEpochMilli() ?? null,
        leastA: ac?.evMinCurrent ?? null,
        mostA: ac?.evMaxCurrent ?? null,
        stateOfChargePercent: dc?.stateOfCharge ?? null,
      })
      // The schedule comes with the next set point, not as an answer to this.
      return { status: 'Processing' }
    },
  }
}

const nothing = async () => ({})

/** What we make no use of still gets the standard's answer, so that the unit does not send it again. */
const passedOver = {
  ReportChargingProfiles: nothing,
  NotifyMonitoringReport: nothing,
  NotifyCustomerInformation: nothing,
  NotifyDisplayMessages: nothing,
  PublishFirmwareStatusNotification: nothing,
  ReservationStatusUpdate: nothing,
  NotifyEVChargingSchedule: async () => ({ status: 'Accepted' }),
  DataTransfer: async () => ({ status: 'UnknownVendorId' }),
  SignCertificate: async () => ({ status: 'Rejected' }),
  GetCertificateStatus: async () => ({ status: 'Failed' }),
  Get15118EVCertificate: async () => ({ status: 'Failed', exiResponse: '' }),
}
