import type { Instant } from '@js-joda/core'
import type { OCPP16 } from 'typed-ocpp'
import { instantOf } from '../../schemas/vocabulary/time.ts'
import type { FspContext } from '../app/context.ts'
import { energyAndPower } from './samples.ts'
import type { SecurityEvents } from './security-events.ts'
import { chargePoint, registerReading, statusChange, tokenShown } from './tables.ts'
import type { Transactions } from './transactions.ts'
import { addSample, type Unit } from './units.ts'
import { GroupWriter } from './writer.ts'

/** How often an idle charge point should send a heartbeat, s. */
const heartbeatS = 300

/** Called when something changes how a depot should share its current. */
export interface MessageListeners {
  /** A charge point has introduced itself and waits for its limits. */
  onBoot(unit: Unit): Promise<void>
  onTransaction(unit: Unit): void
}

type Answers = {
  BootNotification: [OCPP16.BootNotificationRequest, OCPP16.BootNotificationResponse]
  Heartbeat: [OCPP16.HeartbeatRequest, OCPP16.HeartbeatResponse]
  StatusNotification: [OCPP16.StatusNotificationRequest, OCPP16.StatusNotificationResponse]
  Authorize: [OCPP16.AuthorizeRequest, OCPP16.AuthorizeResponse]
  StartTransaction: [OCPP16.StartTransactionRequest, OCPP16.StartTransactionResponse]
  MeterValues: [OCPP16.MeterValuesRequest, OCPP16.MeterValuesResponse]
  StopTransaction: [OCPP16.StopTransactionRequest, OCPP16.StopTransactionResponse]
  SecurityEventNotification: [OCPP16.SecurityEventNotificationRequest, OCPP16.SecurityEventNotificationResponse]
}
export type MessageHandlers = { [A in keyof Answers]: (unit: Unit, params: Answers[A][0]) => Promise<Answers[A][1]> }

/** The central system's answer to each message. Nothing is acknowledged before it is stored. */
export function messageHandlers(
  context: FspContext,
  transactions: Transactions,
  securityEvents: SecurityEvents,
  listeners: MessageListeners,
): MessageHandlers {
  return {
    ...stationHandlers(context, securityEvents, listeners),
    ...chargingHandlers(context, transactions, listeners),
  }
}

type StationMessage =
  | 'BootNotification'
  | 'Heartbeat'
  | 'StatusNotification'
  | 'Authorize'
  | 'SecurityEventNotification'

/** What a charge point says of itself and of who stands before it. */
function stationHandlers(
  context: FspContext,
  securityEvents: SecurityEvents,
  listeners: MessageListeners,
): Pick<MessageHandlers, StationMessage> {
  const { db, clock, log } = context
  const statuses = new GroupWriter(db, statusChange)
  const tokens = new GroupWriter(db, tokenShown)
  const isKnown = tokenCheck(context)
  const now = () => clock.now()

  return {
    async BootNotification(unit, params) {
      const row = {
        vendor: params.chargePointVendor,
        model: params.chargePointModel,
        firmware: params.firmwareVersion ?? null,
        bootedAt: now(),
      }
      await db
        .insert(chargePoint)
        .values({ identity: unit.identity, ...row })
        .onConflictDoUpdate({ target: chargePoint.identity, set: row })
      // Commands may only follow this answer; the unit's next message waits for them.
      unit.introduced = new Promise((resolve) => setImmediate(resolve)).then(() => listeners.onBoot(unit))
      unit.introduced.catch((error) => log.error({ err: error, identity: unit.identity }, 'introduction failed'))
      return { status: 'Accepted', currentTime: now().toString(), interval: heartbeatS }
    },

    async Heartbeat() {
      return { currentTime: now().toString() }
    },

    async StatusNotification(unit, params) {
      const { connectorId: connector, status, errorCode } = params
      const at = params.timestamp ? instantOf(params.timestamp) : now()
      await statuses.add({ identity: unit.identity, connector, at, receivedAt: now(), status, errorCode })
      const socket = unit.connectors.find((c) => c.connector === connector)
      if (socket) socket.status = status
      return {}
    },

    async Authorize(unit, { idTag }) {
      const known = isKnown(unit.depotId, idTag)
      if (!known) log.warn({ identity: unit.identity, idTag }, 'unknown token: using the default priority')
      await tokens.add({ identity: unit.identity, idTag, at: now(), known: known ? 'known' : 'unknown' })
      return { idTagInfo: { status: 'Accepted' } }
    },

    async SecurityEventNotification({ identity }, { type, timestamp, techInfo }) {
      log.warn({ identity, event: type }, 'charge point reports a security event')
      const at = instantOf(timestamp)
      await securityEvents.add({ source: 'charge-point', identity, event: type, detail: techInfo ?? null, at })
      return {}
    },
  }
}

/** Whether a token is one of a depot's vehicles: they are numbered from 1. */
function tokenCheck({ depots }: FspContext): (depotId: string, idTag: string) => boolean {
  const vehicles = new Map(depots.map((depot) => [depot.depotId, depot.evs]))
  return (depotId, idTag) => {
    const number = new RegExp(`^${depotId}-(\\d{3})$`).exec(idTag)?.[1]
    return number !== undefined && Number(number) >= 1 && Number(number) <= (vehicles.get(depotId) ?? 0)
  }
}

/** What a charge point says of a transaction and its register. */
function chargingHandlers(
  { db, clock }: FspContext,
  transactions: Transactions,
  listeners: MessageListeners,
): Omit<MessageHandlers, StationMessage> {
  const readings = new GroupWriter(db, registerReading)
  const read = (unit: Unit, connector: number, at: Instant, energyWh: number, powerW: number | null) =>
    readings.add({ identity: unit.identity, connector, at, receivedAt: clock.now(), energyWh, powerW })

  return {
    async StartTransaction(unit, params) {
      const at = instantOf(params.timestamp)
      const transactionId = await transactions.start(unit, { ...params, at })
      await read(unit, params.connectorId, at, params.meterStart, null)
      listeners.onTransaction(unit)
      return { transactionId, idTagInfo: { status: 'Accepted' } }
    },

    async MeterValues(unit, { connectorId, meterValue }) {
      const socket = unit.connectors.find((c) => c.connector === connectorId)
      if (!socket) return {}
      const written = meterValue.map(({ timestamp, sampledValue }) => {
        const at = instantOf(timestamp)
        const { energyWh, powerW } = energyAndPower(sampledValue)
        if (powerW !== null) addSample(socket, at.toEpochMilli(), powerW)
        if (energyWh === null) return null
        if (socket.transaction) socket.transaction.lastWh = Math.max(socket.transaction.lastWh, energyWh)
        return read(unit, connectorId, at, energyWh, powerW)
      })
      await Promise.all(written)
      return {}
    },

    async StopTransaction(unit, params) {
      const at = instantOf(params.timestamp)
      const connector = await transactions.stop(unit, { ...params, at })
      if (connector === null) return {}
      await read(unit, connector, at, params.meterStop, 0)
      listeners.onTransaction(unit)
      return { idTagInfo: { status: 'Accepted' } }
    },
  }
}
