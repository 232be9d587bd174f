import { ProblemError } from '../../platform/http/index.ts'
import { chargePointOperations } from '../../schemas/fsp/charge-points.ts'
import type { FspContext } from '../app/context.ts'
import { bind, type Entrance } from '../kit/index.ts'
import type { Credentials } from './credentials.ts'
import type { Faults } from './faults.ts'
import { rotatePassword } from './passwords.ts'
import type { SecurityEvents } from './security-events.ts'
import { unitOfDepot } from './unit-lookup.ts'
import type { Units } from './units.ts'
import type { VehicleStatements } from './vehicle-statements.ts'

/** Passwords of charge points, their departures from the standard, and security events. */
export function chargePointApi(
  context: Pick<FspContext, 'log' | 'depots'>,
  entrance: Entrance,
  parts: {
    units: Units
    credentials: Credentials
    securityEvents: SecurityEvents
    faults: Faults
    vehicles: VehicleStatements
  },
) {
  const { units, credentials, securityEvents, faults, vehicles } = parts
  const unitOf = (named: { depotId: string; identity: string }) => unitOfDepot(units, named)
  return bind(chargePointOperations, entrance, {
    async issueChargePointPassword({ params, audit }) {
      const { identity } = unitOf(params)
      await audit({ action: 'charge-point.password-issued', subject: identity })
      return { identity, authorizationKey: await credentials.makeNext(identity) }
    },

    async rotateChargePointPassword({ params, audit }) {
      const unit = unitOf(params)
      await audit({ action: 'charge-point.password-rotated', subject: unit.identity })
      return { outcome: await rotatePassword(credentials, unit, context.log) }
    },

    async blockChargePoint({ params, audit }) {
      const unit = unitOf(params)
      await audit({ action: 'charge-point.blocked', subject: unit.identity })
      await credentials.block(unit.identity)
      await unit.link?.close({ force: true })
    },

    async listChargePointFaults({ params }) {
      const { identity } = unitOf(params)
      return (await faults.list(identity)).map(({ message, field, rule, firstAt }) => ({
        message,
        field,
        rule,
        firstAt: firstAt.toString(),
      }))
    },

    async listVehicleStatements({ params: { depotId } }) {
      if (!context.depots.some((depot) => depot.depotId === depotId))
        throw new ProblemError('not-found', `Depot ${depotId} not found.`)
      const rows = await vehicles.list(units.all.filter((unit) => unit.depotId === depotId))
      return rows.map(({ statementId: _, at, departureAt, ...row }) => ({
        ...row,
        at: at.toString(),
        departureAt: departureAt?.toString() ?? null,
      }))
    },

    async listSecurityEvents({ query: { limit, cursor } }) {
      const rows = await securityEvents.list(limit + 1, cursor === undefined ? null : Number(cursor))
      const page = rows.slice(0, limit)
      return {
        items: page.map(({ eventId: _, receivedAt: _received, at, ...row }) => ({ ...row, at: at.toString() })),
        nextCursor: rows.length > limit ? String(page.at(-1)?.eventId) : null,
      }
    },
  })
}
