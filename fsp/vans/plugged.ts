import type { Instant } from '@js-joda/core'
import type { FspContext } from '../app/context.ts'
import {
  allowedLimitA,
  type Connector,
  safeLimitA,
  socketW,
  type Transactions,
  type Units,
} from '../chargepoints/index.ts'
import { vehicleOf } from '../registers/index.ts'
import { chargeEfficiency, type StateOfCharge, stateOfCharge, type VehicleReadings } from '../vehicles/index.ts'
import type { PluggedStay } from './rules/decision.ts'
import { type HomeVan, vanOf } from './rules/homes.ts'
import { missingWhOf, nextReadyAt } from './rules/needs.ts'
import type { Wish, Wishes } from './wishes.ts'

export interface PluggedParts {
  context: Pick<FspContext, 'registers'>
  units: Units
  transactions: Transactions
  readings: VehicleReadings
  wishes: Wishes
}

/** A van that is plugged in at a charge point of a unit, and what a decision knows of it. */
export interface PluggedVan {
  connector: Connector
  van: HomeVan
  transactionId: number
  soc: StateOfCharge | null
  /** What it still needs from the socket, Wh, by when. */
  missingWh: number
  readyAt: Instant
  targetPercent: number
  override: Wish | null
  /** The most that it draws, and the least that it can be held at, W. */
  mostW: number
  leastW: number
}

/** Length of a plan's periods, and how many there are: a day ahead. */
export const periodMs = 15 * 60_000
export const horizon = { periods: 96, periodH: 0.25 }

export const keyOf = ({ unit, connector }: Pick<Connector, 'unit' | 'connector'>) => `${unit.identity}/${connector}`

/** The vans that charge at a unit's charge points. A vehicle there that is no van of ours is left alone, and not counted. */
export async function pluggedVans(parts: PluggedParts, depotId: string, at: Instant): Promise<PluggedVan[]> {
  const found = await Promise.all(parts.units.connectorsOf(depotId).map((each) => pluggedVan(parts, each, at)))
  return found.filter((each) => each !== null)
}

async function pluggedVan(parts: PluggedParts, connector: Connector, at: Instant): Promise<PluggedVan | null> {
  const { context, readings, transactions, wishes } = parts
  const { unit, transaction, samples } = connector
  const snapshot = context.registers.now()
  const vehicleId = transaction && vehicleOf(snapshot, transaction.idTag)
  const van = vehicleId ? vanOf(snapshot, vehicleId) : null
  if (!transaction || !van) return null
  const { idTag, lastWh, startWh } = transaction
  const latest = readings.latest(van.vehicleId)
  const typicalWh = transactions.typicalWh(idTag)
  const reading = latest && {
    atMs: latest.at.toEpochMilli(),
    socPercent: latest.socPercent,
    registerWh: await readings.registerAt(latest, unit.identity, connector.connector),
  }
  const { usableBatteryWh } = van
  const soc = usableBatteryWh && stateOfCharge({ usableBatteryWh, charge: transaction, reading, typicalWh })
  const wish = wishes.of(van, 'ready-by', transaction.transactionId)
  const targetPercent = wish?.targetPercent ?? 100
  const isLetCharge = connector.inForce !== null && connector.inForce.limitA > 0
  const isSatisfied = connector.status === 'SuspendedEV' && isLetCharge && samples.at(-1)?.powerW === 0
  return {
    connector,
    van,
    transactionId: transaction.transactionId,
    soc: soc || null,
    missingWh: missingWhOf({
      soc: soc ? { share: soc.share, isReported: soc.reportedMs !== null } : null,
      usableBatteryWh,
      takenWh: lastWh - startWh,
      typicalWh,
      targetShare: targetPercent / 100,
      chargeEfficiency,
      isSatisfied,
    }),
    readyAt: wish?.readyAt ?? nextReadyAt(van.driver.readyBy, at),
    targetPercent,
    override: wishes.of(van, 'override', transaction.transactionId),
    mostW: Math.min(socketW(unit.model), van.acPowerW ?? Number.POSITIVE_INFINITY),
    leastW: allowedLimitA({ ...unit.model, canPause: false }, 0) * (socketW(unit.model) / unit.model.maxCurrentA),
  }
}

/** A van as the plan of a unit sees it at an instant: a stay that has begun. */
export function stayOf(plugged: PluggedVan, at: Instant, wasHeld: boolean): PluggedStay {
  const { connector, van, missingWh, readyAt, override, mostW, leastW } = plugged
  const { unit, inForce } = connector
  const nowMs = at.toEpochMilli()
  const heldA = inForce && inForce.validToMs > nowMs ? inForce.limitA : 0
  const uncommandedA = Math.max(heldA, allowedLimitA(unit.model, safeLimitA))
  return {
    key: keyOf(connector),
    arrives: 0,
    leaves: Math.max(1, Math.floor((readyAt.toEpochMilli() - nowMs) / periodMs)),
    energyWh: missingWh,
    mostW,
    leastW,
    costGbpPerMwh: van.driver.costGbpPerMwh,
    isUrgent: override !== null,
    isReachable: unit.link !== null,
    takesTurnsAt: unit.model.coupling === 'one-at-a-time' ? unit.identity : null,
    uncommandedW: missingWh > 0 ? Math.min(mostW, (uncommandedA * socketW(unit.model)) / unit.model.maxCurrentA) : 0,
    wasHeld,
  }
}
