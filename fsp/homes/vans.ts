import type { Instant } from '@js-joda/core'
import { DepotAccess, type FirstAccess } from '../access/index.ts'
import type { FspContext } from '../app/context.ts'
import {
  Admissions,
  Boots,
  Brands,
  Credentials,
  dialectsOf,
  endDoubted,
  Faults,
  type GatewayDoor,
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
import { SiteLoads } from '../depots/index.ts'
import { FeederLoads } from '../feeders/index.ts'
import { Feeds, siteLoadTaker, telematicsTaker, tripsTaker, weatherTaker } from '../feeds/index.ts'
import type { Pending } from '../flexibility/index.ts'
import { ProcessHealth } from '../health/index.ts'
import { Metering } from '../metering/index.ts'
import { Arrivals, mountingsOf, Newcomers, Unknowns, Warnings } from '../registers/index.ts'
import {
  computeHomes,
  DriverLinks,
  DriverPersons,
  noteSightings,
  Responses,
  type TurnDownWindow,
  VanController,
  type VanControllerParts,
  VanMinutes,
  Wishes,
} from '../vans/index.ts'
import { VehicleReadings } from '../vehicles/index.ts'

/** The turn-down of a unit that is in force at an instant, with those that follow it without a gap as one; `null`: none. */
export function windowIn(pending: readonly Pending[], depotId: string, at: Instant): TurnDownWindow | null {
  const nowMs = at.toEpochMilli()
  const own = pending
    .filter((each) => each.depotId === depotId && !each.isReplaced && each.toMs > nowMs)
    .toSorted((a, b) => a.fromMs - b.fromMs)
  const [first, ...later] = own
  if (!first || first.fromMs > nowMs) return null
  const window = { fromMs: first.fromMs, toMs: first.toMs }
  for (const { fromMs, toMs } of later) if (fromMs <= window.toMs) window.toMs = Math.max(window.toMs, toMs)
  return window
}

/** What access and the charge points begin with. */
export interface FirstVanAccess extends FirstAccess {
  /** AuthorizationKeys, in hexadecimal, of charge points that have none yet. */
  firstKeys?: ((identity: string) => string) | undefined
}

/** What the vans need of the market: which turn-down is in force, and what it leaves. */
export type VanMarket = Pick<VanControllerParts, 'windowAt' | 'capW'>

export type VanParts = Awaited<ReturnType<typeof composeVans>>

const nothing = () => Promise.resolve()

/** Gateways serve charge points of depots: at homes there are none. */
const noGateways: GatewayDoor = {
  judge: () => Promise.resolve(null),
  attach: () => undefined,
}

/** Creates what the vans at homes need: charge points over OCPP, people, drivers, feeds, and the controller of their units. */
export async function composeVans(context: FspContext, first: FirstVanAccess, market: VanMarket) {
  const { registers, log } = context
  const [units, boots, unknowns, warnings] = [
    new Units(),
    new Boots(context),
    new Unknowns(context),
    new Warnings(context),
  ]
  const arrivals = new Arrivals({ registers, unknowns, warnings, log })
  const credentials = new Credentials(context, units, () => [])
  const securityEvents = new SecurityEvents(context)
  const access = new DepotAccess(context, ({ username, address }) =>
    securityEvents.add({ source: 'depot-api', identity: null, address, event: 'FailedLogIn', detail: username }),
  )
  const newcomers = new Newcomers({ registers, unknowns, log }, false)
  const admissions = new Admissions(context, units, { credentials, events: securityEvents, newcomers })
  const setpoints = new Setpoints(context)
  const [faults, brands, transactions] = [new Faults(context), new Brands(context), new Transactions(context, units)]
  const upkeep = new Upkeep(context, (identity) => registers.now().chargePoints.get(identity)?.firmware ?? null)
  const readings = new VehicleReadings(context)
  const health = new ProcessHealth(context)
  const ingestion = new Ingestion(context, units, health)
  const siteLoads = new SiteLoads(context, { evLoadAt: (id, atMs) => units.leastEvLoadW(id, atMs), onStored: nothing })
  const feederLoads = new FeederLoads(context, { channelsOf: (depotId) => feeds.channelsOf(depotId) })
  const feeds: Feeds = new Feeds(context, {
    takers: {
      telematics: telematicsTaker({
        registers,
        unknowns,
        readings,
        onReadings: (id) => controller.runSoon(id),
        onSightings: (tx, seen) => noteSightings(context, tx, seen),
      }),
      trips: tripsTaker,
      weather: weatherTaker((feedId) => feeds.find(feedId).agreed.depotId),
      'site-load': siteLoadTaker({ feederLoads, siteLoads, onSiteLoad: () => undefined }),
    },
    health,
    onChange: nothing,
    folder: null,
  })
  const metering = new Metering(context, units)
  const [wishes, responses] = [new Wishes(context), new Responses(context)]
  const minutes = new VanMinutes(context, units)
  const controller: VanController = new VanController(context, {
    context,
    units,
    transactions,
    readings,
    wishes,
    setpoints,
    responses,
    ...market,
  })
  const vehicles = new VehicleStatements(context)
  const messageParts = { units, brands, transactions, securityEvents, faults, boots, arrivals, upkeep, vehicles }
  /** Brings the charge points up to the registers; one that is registered no longer ends with its charges. */
  const syncUnits = async () => {
    for (const unit of units.sync(mountingsOf(registers.now(), boots.firmware())).removed) {
      for (const connector of unit.connectors) await transactions.endSeen(connector, context.clock.now())
      await unit.link?.close({ force: true })
    }
  }
  const listeners: MessageListeners = {
    async onBoot(unit) {
      const result = await setpoints.introduce(unit)
      if (result !== 'no-answer') await upkeep.checkMeterInterval(unit)
      controller.runSoon(unit.depotId)
    },
    onTransaction: (unit) => controller.runSoon(unit.depotId),
    onMeter: nothing,
    onForeignLimit: () => undefined,
    onFirmware: () => void syncUnits(),
    onSocket: nothing,
  }
  const hasNewAccounts = await access.load(first)
  await boots.load()
  await syncUnits()
  registers.onChange(async () => {
    await syncUnits()
    await credentials.provide()
    for (const depotId of controller.depotIds) controller.runSoon(depotId)
  })
  await credentials.load(first.firstKeys)
  await ingestion.load()
  for (const part of [faults, brands, transactions, feeds, readings, metering, wishes, controller]) await part.load()
  await loadStatuses(context.db, units)
  return {
    hasNewAccounts,
    units,
    boots,
    unknowns,
    warnings,
    access,
    credentials,
    admissions,
    securityEvents,
    setpoints,
    faults,
    ingestion,
    brands,
    vehicles,
    upkeep,
    transactions,
    readings,
    feeds,
    metering,
    wishes,
    responses,
    minutes,
    controller,
    links: new DriverLinks(context),
    persons: new DriverPersons(context),
    dialects: dialectsOf(context, messageParts, listeners),
    gatewayDoor: noGateways,
    /** What has to be done in each minute. */
    async minute(at: Instant) {
      await endDoubted({ units, transactions }, at)
      await controller.runAll(at)
      await minutes.record(at)
      await ingestion.note(at)
    },
    async purge(at: Instant) {
      await securityEvents.purge(at)
      await access.sessions.purge(at)
      await readings.purge(at)
      await feeds.purge(at)
      await wishes.purge(at)
      await responses.purge(at)
      await minutes.purge(at)
      await computeHomes(context, at)
    },
    close() {
      setpoints.close()
      feeds.close()
    },
  }
}
