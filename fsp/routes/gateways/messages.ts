import type { FspContext } from '../../app/context.ts'
import {
  chargingHandlers,
  type Ingestion,
  type MessageListeners,
  type MessageParts,
  sharedHandlers,
  type Unit,
} from '../../chargepoints/index.ts'
import { type GatewayAction, type GatewayMessage, gatewayForms } from './forms.ts'
import type { Gateways } from './gateways.ts'

type Handlers = { [A in GatewayAction]: (unit: Unit, said: GatewayMessage<A>) => Promise<object> }

/** Takes in what gateways say of charge points: it goes the way of what charge points say themselves. */
export function gatewayMessages(
  context: FspContext,
  gateways: Gateways,
  parts: MessageParts,
  listeners: MessageListeners,
  ingestion: Ingestion,
) {
  const shared = sharedHandlers(context, parts, listeners)
  const charging = chargingHandlers(context, parts, listeners)
  const handlersOf = (gatewayId: string): Handlers => ({
    async Unit(unit, { isReachable, vendor, model, firmware }) {
      const wasLinked = unit.link !== null
      gateways.reaches(gatewayId, unit, isReachable)
      // One that another gateway reaches already has its standing limit.
      if (!isReachable || wasLinked) return {}
      await shared.BootNotification(unit, {
        chargePointVendor: vendor ?? null,
        chargePointModel: model ?? null,
        firmwareVersion: firmware ?? null,
      })
      return {}
    },
    async SocketStatus(unit, { socket: connectorId, at: timestamp, status, errorCode }) {
      return charging.StatusNotification(unit, { connectorId, status, errorCode: errorCode ?? null, timestamp })
    },
    async SessionStarted(unit, { socket: connectorId, sessionId, token, at: timestamp, registerWh }) {
      await charging.StartTransaction(unit, {
        connectorId,
        unitTransactionId: sessionId,
        idTag: token ?? '',
        meterStart: registerWh ?? null,
        timestamp,
      })
      return {}
    },
    async SocketMeasures(unit, { socket: connectorId, sessionId, at: timestamp, powerW, registerWh }) {
      const sampledValue = [
        ...(powerW == null ? [] : [{ value: powerW, measurand: 'Power.Active.Import', unit: 'W' }]),
        ...(registerWh == null ? [] : [{ value: registerWh, measurand: 'Energy.Active.Import.Register', unit: 'Wh' }]),
      ]
      const transactionId = sessionId == null ? null : await parts.transactions.numberOf(unit, sessionId)
      return charging.MeterValues(unit, { connectorId, transactionId, meterValue: [{ timestamp, sampledValue }] })
    },
    async Upkeep(unit, { kind, status }) {
      await parts.upkeep.report(unit, kind, status)
      return {}
    },
    async SessionEnded(unit, { sessionId, at: timestamp, registerWh, reason }) {
      const transactionId = await parts.transactions.numberOf(unit, sessionId)
      const stop = { transactionId, meterStop: registerWh ?? null, idTag: null, reason: reason ?? null, timestamp }
      await charging.StopTransaction(unit, { ...stop, transactionData: [] })
      return {}
    },
  })
  return {
    actions: Object.keys(gatewayForms) as GatewayAction[],
    /** Answers a message of a gateway; `null`: it cannot be used, or is of a charge point that the gateway does not serve. */
    async take(gatewayId: string, action: GatewayAction, payload: unknown): Promise<object | null> {
      const { success, data } = gatewayForms[action].safeParse(payload)
      const unit = success ? gateways.unitOf(gatewayId, data.identity) : null
      if (!unit) return null
      unit.lastHeardMs = context.clock.now().toEpochMilli()
      if (action !== 'Unit') await unit.introduced
      await ingestion.take(unit.depotId, () => handlersOf(gatewayId)[action](unit, data as never))
      return {}
    },
  }
}
