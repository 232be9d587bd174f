import type { Instant } from '@js-joda/core'
import { composeChargePoints, type FirstChargePoints } from '../app/charge-points.ts'
import type { FspContext } from '../app/context.ts'
import { composeDataIn } from '../app/data-in.ts'
import { endDoubted, type GatewayDoor } from '../chargepoints/index.ts'
import type { CountryOf, Pending } from '../flexibility/index.ts'
import { Metering } from '../metering/index.ts'
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

/** What the vans need of the market: which turn-down is in force, what it leaves, and whose bank holidays a unit keeps. */
export interface VanMarket extends Pick<VanControllerParts, 'windowAt' | 'capW'> {
  countryOf: CountryOf
}

export type VanParts = Awaited<ReturnType<typeof composeVans>>

/** Gateways serve charge points of depots: at homes there are none. */
const noGateways: GatewayDoor = {
  judge: () => Promise.resolve(null),
  attach: () => undefined,
}

/** Creates what the vans at homes need: charge points over OCPP, people, drivers, feeds, and the controller of their units. */
export async function composeVans(context: FspContext, first: FirstChargePoints, market: VanMarket) {
  const runSoon = (depotId: string) => controller.runSoon(depotId)
  const { load: loadChargePoints, ...chargePoints } = composeChargePoints(context, {
    runSoon,
    depotIds: () => controller.depotIds,
  })
  const { units, transactions, readings, setpoints, securityEvents, access, ingestion } = chargePoints
  const data = composeDataIn(context, chargePoints, {
    runSoon,
    onSightings: (tx, seen) => noteSightings(context, tx, seen),
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
  const hasNewAccounts = await loadChargePoints(first)
  for (const part of [data, metering, wishes, controller]) await part.load()
  return {
    ...chargePoints,
    hasNewAccounts,
    countryOf: market.countryOf,
    feeds: data.feeds,
    metering,
    wishes,
    responses,
    minutes,
    controller,
    links: new DriverLinks(context),
    persons: new DriverPersons(context),
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
      await data.feeds.purge(at)
      await wishes.purge(at)
      await responses.purge(at)
      await minutes.purge(at)
      await computeHomes(context, at)
    },
    close() {
      setpoints.close()
      data.feeds.close()
    },
  }
}
