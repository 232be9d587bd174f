import type { FspContext } from '../app/context.ts'
import { chargingHandlers } from './charging-messages.ts'
import type { MessageHandlers, MessageListeners, MessageParts } from './message-handlers.ts'
import { otherSocketsWith } from './same-token.ts'
import { believedInstant } from './stamps.ts'
import { tokenShown } from './tables.ts'
import type { Unit } from './units.ts'
import { GroupWriter } from './writer.ts'

/** How often an idle charge point should send a heartbeat, s. */
const heartbeatS = 300

/** The central system's answer to each message. Nothing is acknowledged before it is stored. */
export function messageHandlers(
  context: FspContext,
  parts: MessageParts,
  listeners: MessageListeners,
): MessageHandlers {
  return {
    ...sharedHandlers(context, parts, listeners),
    ...chargingHandlers(context, parts, listeners),
    ...passedOver,
  }
}

/** What every version of OCPP says in the same words, but for their form. */
export function sharedHandlers(context: FspContext, parts: MessageParts, listeners: MessageListeners) {
  return { ...stationHandlers(context, parts, listeners), ...upkeepHandlers(parts) }
}

/** What we make no use of still gets the standard's answer, so that the unit does not send it again. */
const passedOver = {
  DataTransfer: async () => ({ status: 'UnknownVendorId' as const }),
  LogStatusNotification: async () => ({}),
}

type UpkeepMessage = 'FirmwareStatusNotification' | 'SignedFirmwareStatusNotification' | 'DiagnosticsStatusNotification'

/** How an update of firmware or an upload of diagnostics goes on. */
function upkeepHandlers({ upkeep }: MessageParts): Pick<MessageHandlers, UpkeepMessage> {
  const firmware = async (unit: Unit, { status }: { status?: string | null | undefined }) => {
    if (status) await upkeep.report(unit, 'firmware', status)
    return {}
  }
  return {
    FirmwareStatusNotification: firmware,
    SignedFirmwareStatusNotification: firmware,
    async DiagnosticsStatusNotification(unit, { status }) {
      if (status) await upkeep.report(unit, 'diagnostics', status)
      return {}
    },
  }
}

type StationMessage = 'BootNotification' | 'Heartbeat' | 'Authorize' | 'SecurityEventNotification'

/** What a charge point says of itself and of who stands before it. */
function stationHandlers(
  context: FspContext,
  { units, brands, securityEvents, faults, boots, arrivals }: MessageParts,
  listeners: MessageListeners,
): Pick<MessageHandlers, StationMessage> {
  const { db, clock, log } = context
  const tokens = new GroupWriter(db, tokenShown)
  const now = () => clock.now()

  return {
    async BootNotification(unit, params) {
      const isOther = await boots.note(unit.identity, {
        vendor: params.chargePointVendor ?? 'unknown',
        model: params.chargePointModel ?? 'unknown',
        firmware: params.firmwareVersion ?? null,
      })
      if (isOther) listeners.onFirmware(unit)
      unit.bootedMs = now().toEpochMilli()
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
      const { is } = await arrivals.shown(unit, idTag)
      const [at, shownAt] = [now(), { unit, connector: null }]
      const isAccepted = !brands.refuses(units, idTag, shownAt)
      const known = is === 'unknown' ? 'unknown' : 'known'
      await tokens.add({ identity: unit.identity, idTag, at, known, isAccepted })
      unit.lastToken = { idTag, atMs: at.toEpochMilli(), isAccepted }
      if (!isAccepted) await arrivals.twice(shownAt, idTag, otherSocketsWith(units.all, idTag, shownAt))
      return { idTagInfo: { status: isAccepted ? 'Accepted' : 'ConcurrentTx' } }
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
