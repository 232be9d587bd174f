import type { Instant } from '@js-joda/core'
import type { FaultKind } from '../../schemas/fsp/depot-plan.ts'
import { defaultWeights } from '../../schemas/fsp/registers/calendars.ts'
import type { Country } from '../../schemas/vocabulary/country.ts'
import type { FspContext } from '../app/context.ts'
import {
  allowedLimitA,
  type Connector,
  type OpenTransaction,
  safeLimitA,
  socketW,
  type Transactions,
  type VehicleNeeds,
} from '../chargepoints/index.ts'
import { type RegisteredModel, vehicleOf } from '../registers/index.ts'
import { needOf, type StateOfCharge, stateOfCharge, type VehicleNeed, type VehicleReadings } from '../vehicles/index.ts'
import type { CycleSocket } from './cycle.ts'
import { drawCeilingA, laxityMs, rankedMs, withTurnMs } from './priority.ts'
import { optionsOf } from './situation.ts'
import { wiringOf } from './supply.ts'

/** A socket with a vehicle: what a decision needs of it, and what its priority rests on. */
export interface Occupied {
  connector: Connector
  socket: CycleSocket
  registration: string | null
  need: VehicleNeed
  soc: StateOfCharge | null
  spareMs: number
}

export interface OccupiedParts {
  context: Pick<FspContext, 'registers'>
  transactions: Transactions
  readings: VehicleReadings
  /** Whose bank holidays a depot keeps. */
  countryOf: (depotId: string) => Country
}

/** How a socket with a vehicle is reached at an instant, and what the plan gives it, A. */
export interface Circumstances {
  at: Instant
  isReachable: boolean
  plannedA: number | null
  faults: ReadonlySet<FaultKind>
}

export function keyOf({ unit, connector }: Pick<Connector, 'unit' | 'connector'>): string {
  return `${unit.identity}/${connector}`
}

/**
 * What a socket draws at most while it gets no command of ours, A: its last limit while that holds, then the standing one; in a commissioning
 * run the most that it lets it draw.
 */
export function uncommandedA({ unit, inForce, triedA }: Connector, nowMs: number): number {
  if (triedA !== null) return triedA
  const heldA = inForce && inForce.validToMs > nowMs ? inForce.limitA : 0
  return Math.max(heldA, allowedLimitA(unit.model, safeLimitA))
}

/**
 * Whether a commissioning run has a socket to itself. A unit that keeps the limit of one socket at a time would drop that of the run for one of
 * ours, so that the run has all its sockets.
 */
export function isLeftAlone({ unit, triedA }: Connector): boolean {
  if (triedA !== null) return true
  return unit.model.coupling === 'one-at-a-time' && unit.connectors.some((other) => other.triedA !== null)
}

/** A socket with a vehicle, as a decision at an instant sees it. */
export async function occupiedOf(parts: OccupiedParts, connector: Connector, given: Circumstances): Promise<Occupied> {
  const { at, isReachable, plannedA, faults } = given
  const { unit, transaction, inForce } = connector
  const { model } = unit
  const wiring = wiringOf(unit.phase, model.phases)
  const sample = connector.samples.at(-1)
  // Once a set point has ended the standing limit holds: what is drawn then says nothing of what the vehicle could use.
  const held = inForce && sample && inForce.validToMs > sample.atMs ? inForce : null
  if (sample && sample.powerW !== null)
    connector.drawCeilingA = drawCeilingA(
      connector.drawCeilingA,
      sample.powerW,
      held,
      sample.atMs,
      wiring === 'all' ? 3 : 1,
    )
  const { registration, need, soc } = await vehicleAt(parts, connector, at, !faults.has('telematics-lost'))
  const nowMs = at.toEpochMilli()
  const bounds = vehicleBounds(model, transaction?.needs ?? null)
  const fullW = socketW({ maxCurrentA: bounds.mostA, phases: wiring === 'all' ? 3 : 1 })
  const spareMs = laxityMs(nowMs, need.departureMs, need.missingWh, fullW)
  return {
    connector,
    registration,
    need,
    soc,
    spareMs,
    socket: {
      key: keyOf(connector),
      place: {
        identity: unit.identity,
        feeder: unit.feeder,
        mpan: unit.mpan,
        wiring,
        unitA: model.coupling === 'shared-current' ? model.maxCurrentA : null,
      },
      model: { ...model, minCurrentA: bounds.leastA },
      usefulA: bounds.isSaid ? Math.min(connector.drawCeilingA ?? bounds.mostA, bounds.mostA) : connector.drawCeilingA,
      laxityMs: rankOf(parts.context, connector, { spareMs, soc }),
      plannedA,
      uncommandedA: uncommandedA(connector, nowMs),
      isReachable: isReachable && transaction !== null,
    },
  }
}

/** What a charge at a socket can be given, A: by its model, and by what the vehicle itself says it needs at least and takes at most. */
export function vehicleBounds(
  { minCurrentA, maxCurrentA }: Pick<RegisteredModel, 'minCurrentA' | 'maxCurrentA'>,
  said: Pick<VehicleNeeds, 'leastA' | 'mostA'> | null,
): { leastA: number; mostA: number; isSaid: boolean } {
  const leastA = Math.min(maxCurrentA, Math.max(minCurrentA, said?.leastA ?? 0))
  // One that says it takes less than the least that there is, as 0 for "not known", is not believed.
  const saidA = said?.mostA != null && said.mostA >= leastA ? said.mostA : null
  return { leastA, mostA: Math.min(maxCurrentA, saidA ?? maxCurrentA), isSaid: saidA !== null }
}

/** Where priority is off, those who came first are served first. */
function rankOf(
  context: Pick<FspContext, 'registers'>,
  { unit, transaction, inForce }: Connector,
  { spareMs, soc }: { spareMs: number; soc: StateOfCharge | null },
): number {
  if (!optionsOf(context, unit.depotId).priority) return transaction?.startMs ?? 0
  const weights = context.registers.now().priorityWeights.get('fleet') ?? defaultWeights
  return withTurnMs(rankedMs(spareMs, soc?.share ?? null, weights), (inForce?.limitA ?? 0) > 0)
}

/** The vehicle at a socket: who it is, how full it is, and what it needs. */
async function vehicleAt(
  { context, transactions, readings, countryOf }: OccupiedParts,
  { unit, connector, transaction }: Connector,
  at: Instant,
  hasTelematics: boolean,
) {
  const snapshot = context.registers.now()
  const registration = transaction ? vehicleOf(snapshot, transaction.idTag) : null
  const ev = registration === null ? undefined : snapshot.evs.get(registration)
  const usableBatteryWh = (ev && snapshot.evTypes.get(ev.evType)?.usableBatteryWh) ?? null
  const typicalWh = transaction ? transactions.typicalWh(transaction.idTag) : null
  const reading = registration !== null && hasTelematics ? readings.latest(registration) : null
  const schedule = registration === null ? undefined : snapshot.evSchedules.get(registration)
  const registerWh = reading && (await readings.registerAt(reading, unit.identity, connector))
  const soc =
    usableBatteryWh === null || !transaction
      ? null
      : stateOfCharge({
          usableBatteryWh,
          charge: transaction,
          reading: newerOf(
            reading && {
              atMs: reading.at.toEpochMilli(),
              socPercent: reading.socPercent,
              registerWh: registerWh ?? null,
            },
            transaction.needs,
          ),
          typicalWh,
        })
  const takenWh = transaction ? transaction.lastWh - transaction.startWh : 0
  // A schedule is of the depot that the vehicle had then: one that has moved needs a new one.
  const ownSchedule = schedule && schedule.depotId === ev?.depotId ? schedule : null
  const needs = transaction?.needs ?? null
  const said = transaction && needs && { ...needs, takenSinceWh: Math.max(0, transaction.lastWh - needs.registerWh) }
  const country = countryOf(unit.depotId)
  const need = needOf(at, { schedule: ownSchedule, usableBatteryWh, soc, takenWh, typicalWh, said, country })
  return { registration, need, soc }
}

interface Reading {
  atMs: number
  socPercent: number
  registerWh: number | null
  isSaid?: boolean
}

/** The newer of what telematics reported and what the vehicle said at the socket. */
function newerOf(reported: Reading | null, needs: OpenTransaction['needs']): Reading | null {
  if (needs?.stateOfChargePercent == null || (reported && reported.atMs > needs.saidMs)) return reported
  const { saidMs: atMs, stateOfChargePercent: socPercent, registerWh } = needs
  return { atMs, socPercent, registerWh, isSaid: true }
}
