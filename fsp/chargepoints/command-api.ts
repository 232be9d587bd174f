import { ProblemError } from '../../platform/http/index.ts'
import { chargePointCommands } from '../../schemas/fsp/charge-point-commands.ts'
import type { FspContext } from '../app/context.ts'
import { type AuditRecord, bind, type Entrance } from '../kit/index.ts'
import type { ClearedLimits, UnitCommand } from './port.ts'
import type { Setpoints } from './setpoints.ts'
import { linkedUnit, unitOfDepot } from './unit-lookup.ts'
import type { Units } from './units.ts'
import type { Upkeep } from './upkeep.ts'

interface CommandParts {
  units: Units
  upkeep: Upkeep
  setpoints: Setpoints
  controller: { runSoon(depotId: string): void }
}

interface Asked {
  caller: { username: string }
  params: { depotId: string; identity: string }
  audit(record: AuditRecord): Promise<void>
}

/** What operators ask of charge points, and the report of their firmware. */
export function chargePointCommandApi(context: FspContext, entrance: Entrance, parts: CommandParts) {
  const { units, upkeep } = parts
  const send = senderOf(parts)
  return bind(chargePointCommands, entrance, {
    resetChargePoint: (call) => send(call, 'reset', { kind: 'reset', isHard: call.body.type === 'hard' }),

    unlockConnector: (call) => send(call, 'unlocked', { kind: 'unlock', ...call.body }),

    changeAvailability: (call) => {
      const { connector, isOperative } = call.body
      return send(call, 'availability-changed', { kind: 'availability', connector: connector ?? 0, isOperative })
    },

    triggerMessage: (call) => send(call, 'message-triggered', { kind: 'trigger', ...call.body }),

    clearLimits: (call) => clearLimits(parts, call),

    readConfiguration: (call) => send(call, 'configuration-read', { kind: 'read-settings', ...call.body }),

    changeConfiguration: (call) => send(call, 'configuration-changed', { kind: 'write-setting', ...call.body }),

    updateFirmware: (call) => {
      const { location, retrieveAt } = call.body
      const command = {
        kind: 'update-firmware',
        location,
        retrieveAt: retrieveAt ?? context.clock.now().toString(),
      } as const
      return send(call, 'firmware-update-ordered', command)
    },

    getDiagnostics: (call) => send(call, 'diagnostics-ordered', { kind: 'diagnostics', ...call.body }),

    async listCommands({ params, query: { limit, cursor } }) {
      const rows = await upkeep.commands(unitOfDepot(units, params), limit + 1, cursor ? Number(cursor) : null)
      const page = rows.slice(0, limit)
      return {
        items: page.map(({ sentAt, kind, askedBy, outcome, status }) => ({
          sentAt: sentAt.toString(),
          kind,
          askedBy,
          outcome,
          status,
        })),
        nextCursor: rows.length > limit ? String(page.at(-1)?.commandId) : null,
      }
    },

    readFirmwareReport({ params: { depotId } }) {
      if (!context.depots.some((depot) => depot.depotId === depotId))
        throw new ProblemError('not-found', `Depot ${depotId} not found.`)
      return upkeep.overview(units.all.filter((unit) => unit.depotId === depotId))
    },
  })
}

/** Removes every limit, in an order in which a present charge always has one: its own holds until the standing one is back. */
async function clearLimits({ units, upkeep, setpoints, controller }: CommandParts, { caller, params, audit }: Asked) {
  const unit = linkedUnit(units, params)
  const clear = (limits: ClearedLimits) => upkeep.command(unit, { kind: 'clear-limits', limits }, caller.username)
  const { identity } = unit
  if (!setpoints.isFree(unit))
    throw new ProblemError('conflict', `${identity} was sent a limit a moment ago, and needs time: ask again in 10 s.`)
  await audit({ action: 'charge-point.limits-cleared', subject: identity })
  const standing = await clear('standing')
  if (standing.outcome !== 'answered') return standing
  const result = await setpoints.introduce(unit)
  if (result !== 'accepted')
    throw new ProblemError(
      'conflict',
      `${identity} did not take its standing safe limit (${result}), so the limits of its charges were left: ask again.`,
    )
  await clear('unit')
  const last = await clear('charge')
  controller.runSoon(unit.depotId)
  return last
}

/** Sends one command for a caller, which is recorded before it is sent. */
function senderOf({ units, upkeep }: CommandParts) {
  return async ({ caller, params, audit }: Asked, did: string, command: UnitCommand) => {
    const unit = linkedUnit(units, params)
    if ('connector' in command && (command.connector ?? 0) > unit.connectors.length)
      throw new ProblemError('not-found', `${unit.identity} has no connector ${command.connector}.`)
    const { kind: _, ...detail } = command
    await audit({ action: `charge-point.${did}`, subject: unit.identity, detail: withoutSecrets(detail) })
    return upkeep.command(unit, command, caller.username)
  }
}

/** What the record may hold: values of settings may be passwords, and addresses may contain them. */
function withoutSecrets({ ...detail }: Record<string, unknown>): Record<string, unknown> {
  delete detail['value']
  if (typeof detail['location'] === 'string') {
    const address = new URL(detail['location'])
    Object.assign(address, { username: '', password: '', search: '' })
    detail['location'] = address.href
  }
  return detail
}
