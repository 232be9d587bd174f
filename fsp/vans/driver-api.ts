import { ProblemError } from '../../platform/http/index.ts'
import { driverDeskOperations, driverOperations } from '../../schemas/fsp/drivers.ts'
import { instantOf } from '../../schemas/vocabulary/time.ts'
import type { FspContext } from '../app/context.ts'
import { bind, type Caller, type Entrance, type LinkedDriver, maySee, requireChange } from '../kit/index.ts'
import type { VanController } from './controller.ts'
import { driverViewOf } from './driver-view.ts'
import type { DriverLinks } from './links.ts'
import type { DriverPersons } from './persons.ts'
import { vanOfDriver } from './rules/homes.ts'
import { overrideMs, type Wishes } from './wishes.ts'

export interface DriverParts {
  controller: VanController
  links: DriverLinks
  persons: DriverPersons
  wishes: Wishes
}

/** A wish to be ready holds for a week ahead at most. */
const mostAheadMs = 7 * 86_400_000

/** What drivers see and ask for by their links. What they ask for is decided before they are answered. */
export function driverApi(context: FspContext, parts: DriverParts, entrance: Entrance) {
  const { clock, registers } = context
  const { controller, wishes } = parts
  const view = (driverId: string) => {
    const last = (depotId: string) => controller.last(depotId)
    return driverViewOf({ snapshot: registers.now(), wishes, last }, driverId, clock.now())
  }
  const own = ({ driverId }: LinkedDriver) => {
    const van = vanOfDriver(registers.now(), driverId)
    if (!van) throw new ProblemError('conflict', 'No van is assigned to you now.')
    const plugged = controller.last(van.driver.depotId)?.plugged.find((each) => each.van.vehicleId === van.vehicleId)
    const { vehicleId } = van
    const { depotId } = van.driver
    return { driverId, vehicleId, depotId, transactionId: plugged?.transactionId ?? null }
  }
  const decided = async (driverId: string, depotId: string) => {
    await controller.run(depotId, clock.now())
    return view(driverId)
  }
  return bind(driverOperations, entrance, {
    readOwnVan: ({ caller }) => view(caller.driverId),

    async chargeAtOnce({ caller, audit }) {
      const { depotId, ...van } = own(caller)
      const endsAt = clock.now().plusMillis(overrideMs)
      const wish = { ...van, kind: 'override' as const, readyAt: null, targetPercent: null, endsAt }
      const record = { action: 'driver.override', subject: van.vehicleId }
      await wishes.make(wish, (tx) => audit(record, tx))
      return decided(caller.driverId, depotId)
    },

    async endOverride({ caller, audit }) {
      const { depotId, vehicleId } = own(caller)
      const record = { action: 'driver.override-ended', subject: vehicleId }
      await wishes.withdraw(vehicleId, 'override', (tx) => audit(record, tx))
      return decided(caller.driverId, depotId)
    },

    async setReadyBy({ caller, body, audit }) {
      const { depotId, ...van } = own(caller)
      const [readyAt, now] = [instantOf(body.readyAt), clock.now()]
      const aheadMs = readyAt.toEpochMilli() - now.toEpochMilli()
      if (aheadMs <= 0 || aheadMs > mostAheadMs) {
        const message = aheadMs <= 0 ? 'is not ahead' : 'is more than a week ahead'
        throw new ProblemError('contract-broken', `readyAt ${message}.`, { errors: [{ field: 'readyAt', message }] })
      }
      const { targetPercent } = body
      const wish = { ...van, kind: 'ready-by' as const, readyAt, targetPercent, endsAt: readyAt }
      const record = { action: 'driver.ready-by', subject: van.vehicleId, detail: { ...body } }
      await wishes.make(wish, (tx) => audit(record, tx))
      return decided(caller.driverId, depotId)
    },
  })
}

/** What the fleet's office and payroll do about drivers. */
export function driverDeskApi(context: FspContext, parts: DriverParts, entrance: Entrance) {
  const { registers, publicUrl } = context
  const { links, persons, wishes } = parts
  const known = (caller: Caller, driverId: string, isChange: boolean) => {
    const driver = registers.history('drivers', driverId).at(-1)
    if (!driver || !maySee(caller, driver.data.depotId))
      throw new ProblemError('not-found', `Driver ${driverId} not found.`)
    if (isChange) requireChange(caller, driver.data.depotId)
    return driverId
  }
  return bind(driverDeskOperations, entrance, {
    listDriverLinks: ({ caller, params }) => links.list(known(caller, params.driverId, false)),

    async createDriverLink({ caller, params, body, audit }) {
      const driverId = known(caller, params.driverId, true)
      const record = { action: 'driver.link-made', subject: driverId, detail: { ...body } }
      const given = { driverId, validDays: body.validDays, createdBy: caller.username }
      const { link, token } = await links.create(given, (tx) => audit(record, tx))
      return { ...link, url: `${publicUrl}/driver#${token}` }
    },

    revokeDriverLink({ caller, params: { driverId, linkId }, audit }) {
      const record = { action: 'driver.link-revoked', subject: driverId, detail: { linkId } }
      return links.revoke(known(caller, driverId, true), linkId, (tx) => audit(record, tx))
    },

    async readDriverPerson({ caller, params }) {
      const found = await persons.find(known(caller, params.driverId, false))
      if (!found) throw new ProblemError('not-found', `Nothing is known of who driver ${params.driverId} is.`)
      return found
    },

    async saveDriverPerson({ caller, params, body, audit }) {
      const driverId = known(caller, params.driverId, true)
      // The record says that it was stated, not what: it cannot be erased.
      await persons.save(driverId, body, caller.username, (tx) =>
        audit({ action: 'driver.person-stated', subject: driverId }, tx),
      )
      return body
    },

    async eraseDriverPerson({ caller, params, audit }) {
      const driverId = known(caller, params.driverId, true)
      const record = { action: 'driver.person-erased', subject: driverId }
      const isErased = await persons.erase(driverId, caller.username, (tx) => audit(record, tx))
      if (!isErased) throw new ProblemError('not-found', `Nothing is known of who driver ${driverId} is.`)
      wishes.forgetDriver(driverId)
    },
  })
}
