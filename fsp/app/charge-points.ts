import { DepotAccess, type FirstAccess } from '../access/index.ts'
import {
  Admissions,
  Boots,
  Brands,
  Credentials,
  dialectsOf,
  Faults,
  Ingestion,
  loadStatuses,
  type MessageListeners,
  SecurityEvents,
  Setpoints,
  Transactions,
  Units,
  Upkeep,
  VehicleStatements,
} from '../chargepoints/index.ts'
import { ProcessHealth } from '../health/index.ts'
import { Arrivals, mountingsOf, Newcomers, Unknowns, Warnings } from '../registers/index.ts'
import { VehicleReadings } from '../vehicles/index.ts'
import type { FspContext } from './context.ts'

/** What a company's charge points begin with. */
export interface FirstChargePoints extends FirstAccess {
  /** AuthorizationKeys, in hexadecimal, of charge points that have none yet. */
  firstKeys?: ((identity: string) => string) | undefined
}

/** What a company does about its charge points. */
export interface ChargePointDuties extends Partial<Pick<MessageListeners, 'onMeter' | 'onForeignLimit'>> {
  /** Decides anew about the sockets of a depot. */
  runSoon(depotId: string): void
  /** The depots that are decided about anew when a register changes. */
  depotIds(): Iterable<string>
  /** Identities of gateways, which have keys as charge points have. */
  gatewayIds?(): string[]
  /** Lets charge points in that are not registered. */
  acceptUnknown?: boolean
  setpoints?: ConstructorParameters<typeof Setpoints>[1]
}

export type ChargePointParts = ReturnType<typeof composeChargePoints>

/** The parts that every company with charge points has: them, who may use them, what they say, and what is said to them. */
export function composeChargePoints(context: FspContext, duties: ChargePointDuties) {
  const { registers, log } = context
  const [units, boots] = [new Units(), new Boots(context)]
  const [unknowns, warnings] = [new Unknowns(context), new Warnings(context)]
  const arrivals = new Arrivals({ registers, unknowns, warnings, log })
  const credentials = new Credentials(context, units, duties.gatewayIds ?? (() => []))
  const securityEvents = new SecurityEvents(context)
  const access = new DepotAccess(context, ({ username, address }) =>
    securityEvents.add({ source: 'depot-api', identity: null, address, event: 'FailedLogIn', detail: username }),
  )
  const newcomers = new Newcomers({ registers, unknowns, log }, duties.acceptUnknown ?? false)
  const admissions = new Admissions(context, units, { credentials, events: securityEvents, newcomers })
  const setpoints = new Setpoints(context, duties.setpoints)
  const [faults, brands, transactions] = [new Faults(context), new Brands(context), new Transactions(context, units)]
  const upkeep = new Upkeep(context, (identity) => registers.now().chargePoints.get(identity)?.firmware ?? null)
  const vehicles = new VehicleStatements(context)
  const health = new ProcessHealth(context)
  const ingestion = new Ingestion(context, units, health)
  const messageParts = { units, brands, transactions, securityEvents, faults, boots, arrivals, upkeep, vehicles }
  /** Brings the charge points up to the registers; one that is registered no longer ends with its charges. */
  const sync = async () => {
    for (const unit of units.sync(mountingsOf(registers.now(), boots.firmware())).removed) {
      for (const connector of unit.connectors) await transactions.endSeen(connector, context.clock.now())
      await unit.link?.close({ force: true })
    }
  }
  const listeners = listenersOf(duties, { setpoints, upkeep, newcomers, onFirmware: () => void sync() })
  return {
    ...messageParts,
    unknowns,
    warnings,
    credentials,
    access,
    admissions,
    setpoints,
    health,
    ingestion,
    readings: new VehicleReadings(context),
    messageParts,
    listeners,
    dialects: dialectsOf(context, messageParts, listeners),
    /** Resumes where they stopped, and follows the registers from now on. Says whether the first accounts were made. */
    async load(first: FirstChargePoints): Promise<boolean> {
      const hasNewAccounts = await access.load(first)
      await boots.load()
      await sync()
      registers.onChange(async () => {
        await sync()
        await credentials.provide()
        for (const depotId of duties.depotIds()) duties.runSoon(depotId)
      })
      await credentials.load(first.firstKeys)
      await faults.load()
      await ingestion.load()
      await brands.load()
      await loadStatuses(context.db, units)
      await transactions.load()
      await vehicles.load(units.all)
      return hasNewAccounts
    },
  }
}

/** What follows from what a charge point says. */
function listenersOf(
  { runSoon, onMeter = () => Promise.resolve(), onForeignLimit = () => undefined }: ChargePointDuties,
  parts: { setpoints: Setpoints; upkeep: Upkeep; newcomers: Newcomers } & Pick<MessageListeners, 'onFirmware'>,
): MessageListeners {
  const { setpoints, upkeep, newcomers, onFirmware } = parts
  return {
    async onBoot(unit) {
      const result = await setpoints.introduce(unit)
      // The unit's next message waits for this: one that is silent is not asked more.
      if (result !== 'no-answer') await upkeep.checkMeterInterval(unit)
      runSoon(unit.depotId)
    },
    onTransaction: (unit) => runSoon(unit.depotId),
    onMeter,
    onForeignLimit,
    onFirmware,
    onSocket: (unit, socket) => newcomers.grow(unit.identity, socket),
  }
}

/** What the list of strangers needs of them. */
export function unknownParts(
  { registers }: FspContext,
  parts: Pick<ChargePointParts, 'unknowns' | 'warnings' | 'credentials' | 'boots'>,
) {
  const { unknowns, warnings, credentials, boots } = parts
  return {
    registers,
    unknowns,
    warnings,
    issuePassword: (identity: string) => credentials.makeNext(identity),
    hasPassword: (identity: string) => credentials.isKnown(identity),
    boots: () => boots.all,
  }
}
