import type { OCPP16 } from 'typed-ocpp'
import type { FspContext } from '../app/context.ts'
import { chargingHandlers } from './charging-messages.ts'
import type { Faults } from './faults.ts'
import type { Action, Used } from './forms.ts'
import type { SecurityEvents } from './security-events.ts'
import { believedInstant } from './stamps.ts'
import { chargePoint, tokenShown } from './tables.ts'
import type { Transactions } from './transactions.ts'
import type { Unit } from './units.ts'
import { GroupWriter } from './writer.ts'

/** How often an idle charge point should send a heartbeat, s. */
const heartbeatS = 300

/** Called when something changes how a depot should share its current. */
export interface MessageListeners {
  /** A charge point has introduced itself and waits for its limits. */
  onBoot(unit: Unit): Promise<void>
  onTransaction(unit: Unit): void
}

export interface MessageParts {
  transactions: Transactions
  securityEvents: SecurityEvents
  faults: Faults
}

type Answers = {
  BootNotification: OCPP16.BootNotificationResponse
  Heartbeat: OCPP16.HeartbeatResponse
  StatusNotification: OCPP16.StatusNotificationResponse
  Authorize: OCPP16.AuthorizeResponse
  StartTransaction: OCPP16.StartTransactionResponse
  MeterValues: OCPP16.MeterValuesResponse
  StopTransaction: OCPP16.StopTransactionResponse
  SecurityEventNotification: OCPP16.SecurityEventNotificationResponse
  DataTransfer: OCPP16.DataTransferResponse
  FirmwareStatusNotification: OCPP16.FirmwareStatusNotificationResponse
  DiagnosticsStatusNotification: OCPP16.DiagnosticsStatusNotificationResponse
  LogStatusNotification: OCPP16.LogStatusNotificationResponse
  SignedFirmwareStatusNotification: OCPP16.SignedFirmwareStatusNotificationResponse
}
export type MessageHandlers = { [A in Action]: (unit: Unit, used: Used<A>) => Promise<Answers[A]> }

/** The central system's answer to each message. Nothing is acknowledged before it is stored. */
export function messageHandlers(
  context: FspContext,
  parts: MessageParts,
  listeners: MessageListeners,
): MessageHandlers {
  return {
    ...stationHandlers(context, parts, listeners),
    ...chargingHandlers(context, parts, listeners),
    ...passedOver,
  }
}

/** What we make no use of still gets the standard's answer, so that the unit does not send it again. */
const passedOver = {
  DataTransfer: async () => ({ status: 'UnknownVendorId' as const }),
  FirmwareStatusNotification: async () => ({}),
  DiagnosticsStatusNotification: async () => ({}),
  LogStatusNotification: async () => ({}),
  SignedFirmwareStatusNotification: async () => ({}),
}

type StationMessage = 'BootNotification' | 'Heartbeat' | 'Authorize' | 'SecurityEventNotification'

/** What a charge point says of itself and of who stands before it. */
function stationHandlers(
  context: FspContext,
  { securityEvents, faults }: MessageParts,
  listeners: MessageListeners,
): Pick<MessageHandlers, StationMessage> {
  const { db, clock, log } = context
  const tokens = new GroupWriter(db, tokenShown)
  const isKnown = tokenCheck(context)
  const now = () => clock.now()

  return {
    async BootNotification(unit, params) {
      const row = {
        vendor: params.chargePointVendor ?? 'unknown',
        model: params.chargePointModel ?? 'unknown',
        firmware: params.firmwareVersion ?? null,
        bootedAt: now(),
      }
      await db
        .insert(chargePoint)
        .values({ identity: unit.identity, ...row })
        .onConflictDoUpdate({ target: chargePoint.identity, set: row })
      for (const { transaction } of unit.connectors) if (transaction) transaction.doubtedMs = now().toEpochMilli()
      // Commands may only follow this answer; the unit's next message waits for them.
      unit.introduced = new Promise((resolve) => setImmediate(resolve)).then(() => listeners.onBoot(unit))
      unit.introduced.catch((error) => log.error({ err: error, identity: unit.identity }, 'introduction failed'))
      return { status: 'Accepted', currentTime: now().toString(), interval: heartbeatS }
    },

    async Heartbeat() {
      return { currentTime: now().toString() }
    },

    async Authorize(unit, { idTag }) {
      const known = isKnown(unit.depotId, idTag)
      if (!known) log.warn({ identity: unit.identity, idTag }, 'unknown token: using the default priority')
      await tokens.add({ identity: unit.identity, idTag, at: now(), known: known ? 'known' : 'unknown' })
      return { idTagInfo: { status: 'Accepted' } }
    },

    async SecurityEventNotification(unit, { type, timestamp, techInfo }) {
      const { identity } = unit
      log.warn({ identity, event: type }, 'charge point reports a security event')
      const { at, fault } = believedInstant(timestamp, now())
      if (fault) await faults.note(unit, 'SecurityEventNotification', { field: 'timestamp', rule: fault })
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
