import type { Instant, LocalDate } from '@js-joda/core'
import type { Queryable } from '../../../../platform/db/index.ts'
import type { ClosedBecause } from '../../../../schemas/dispatch/optimisation.ts'
import type { Contract } from '../../../../schemas/market/contracts.ts'
import type { FlexibleUnit } from '../../../../schemas/market/parties.ts'
import type { DispatchSchedule } from '../../../../schemas/market/schedules.ts'
import { leastTurnDownSettings, optimisationSettings } from '../../../../schemas/settings/dispatch.ts'
import { dayEnd, dayStart, periodIndexOf, tradingDayOf } from '../../../../schemas/vocabulary/time.ts'
import { type Direction, type Product, signOf } from '../../../../schemas/vocabulary/units.ts'
import { figuresAt } from '../../../kit/index.ts'
import {
  capabilityOf,
  currentSubmissions,
  dueAt,
  isContracted,
  membersOn,
  noticesOf,
  type ProductTimetable,
  type SubmittedRow,
  serviceHistory,
  termOf,
  timetableFor,
  timetablesInForce,
} from '../../../market/index.ts'
import { unitReliabilities } from '../../../planning/index.ts'
import { type Issued, issuedTo, type LeastTurnDown, leastOf } from '../../constraints/index.ts'
import { stoppedUnits } from '../../emergency/index.ts'
import { isInService, liveSchedules, valueAt, withinContract } from '../../schedules/index.ts'
import { activationsLeft } from './activations.ts'
import { offersOf } from './derating.ts'
import type { ModelUnit, Reliability } from './model.ts'

/** What differs when a day in progress is optimised again. */
export interface Again {
  /** The first quarter-hour that may change; earlier ones stay. */
  from?: Instant | undefined
  /** Which FUs are unreachable in which quarter-hours, in addition to those out of service. */
  isLost?: (fuId: string, from: Instant) => boolean
  /** Which quarter-hours of FUs another timetable of the product has issued: they stay as well. */
  hasGoneOut?: (fuId: string, from: Instant) => boolean
  /** Work that must be committed with the run. */
  alsoDo?: (tx: Queryable) => Promise<void>
}

/** What decides how far FUs can be moved, read at one moment for a day and those beside it. */
export interface Facts {
  at: Instant
  day: LocalDate
  product: Product
  again: Again
  /** Of the product. */
  timetables: readonly ProductTimetable[]
  contracts: Contract[]
  submitted: Map<string, SubmittedRow[]>
  /** Live schedules by day, product and FU. */
  live: Map<string, Map<Product, Map<string, DispatchSchedule>>>
  issued: Issued
  least: LeastTurnDown
  activations: Map<string, number>
  /** What FUs have delivered of what they were instructed, where the DNO derates offers by it. */
  reliabilities: ReadonlyMap<string, Reliability>
  /** Minutes between the issue and the start of a turn-down. */
  noticeMinutes(fuId: string): number
  /** The DERs of FUs on the day: what they are rated for bounds the turn-down. */
  members: Awaited<ReturnType<typeof membersOn>>
  isOut(fuId: string, from: Instant): boolean
}

/** Reads what contracted FUs may give on a day, and what was issued to them. */
export async function readFacts(
  tx: Queryable,
  given: Pick<Facts, 'at' | 'day' | 'product' | 'again'>,
  contracts: Contract[],
  units: readonly FlexibleUnit[],
): Promise<Facts> {
  const { at, day, product, again } = given
  const fuIds = units.map((unit) => unit.fuId)
  const service = await serviceHistory(tx, fuIds, dayEnd(day))
  const stopped = await stoppedUnits(tx, units)
  const [from, to] = [dayStart(day.minusDays(1)), dayEnd(day.plusDays(1))]
  const timetables = await timetablesInForce(tx, at)
  const live: Facts['live'] = new Map()
  for (const each of [day.minusDays(1), day, day.plusDays(1)])
    live.set(each.toString(), await liveByProduct(tx, each, contracts, timetables))
  const { deratesOffers } = await figuresAt(tx, optimisationSettings, at)
  const ofProduct = contracts.filter((c) => c.product === product && isOnDay(c, day))
  return {
    ...given,
    timetables: timetables.get(product) ?? [],
    contracts,
    submitted: Map.groupBy(await currentSubmissions(tx, day, { fuIds }), (row) => row.fuId),
    live,
    issued: await issuedTo(tx, fuIds, from, to),
    least: await figuresAt(tx, leastTurnDownSettings, at),
    activations: await activationsLeft(tx, day, units, ofProduct),
    reliabilities: await unitReliabilities(tx, deratesOffers ? fuIds : []),
    noticeMinutes: await noticesOf(tx, product, fuIds, at),
    members: await membersOn(tx, fuIds, day),
    isOut: (fuId, start) =>
      stopped.has(fuId) || (again.isLost?.(fuId, start) ?? false) || !isInService(service.get(fuId) ?? [], start),
  }
}

function isOnDay({ validFrom, validTo }: Contract, day: LocalDate): boolean {
  return validFrom <= day.toString() && day.toString() <= validTo
}

/** The contract of an FU at an instant. */
export function contractAt({ contracts }: Facts, fuId: string, from: Instant): Contract | undefined {
  return contracts.find((c) => c.fuId === fuId && isContracted(termOf(c), from))
}

/** An FU in one direction, as the model of a day needs it. */
export function modelUnit(facts: Facts, unit: FlexibleUnit, way: Direction): ModelUnit {
  const { fuId, nodeId, limits } = unit
  const { at, day, product, again, timetables, least, activations } = facts
  const own = facts.submitted.get(fuId) ?? []
  const noticeMs = facts.noticeMinutes(fuId) * 60_000
  const isPast = (from: Instant) => standsAlready(again, fuId, from)
  const isOfDay = (from: Instant) => !from.isBefore(dayStart(day)) && from.isBefore(dayEnd(day))
  // Notice counts from the issue: the tick, or now if that has passed.
  const hasNotice = (contract: Contract, from: Instant) => {
    if (noticeMs === 0) return true
    const due = dueAt(timetableFor(timetables, contract.contractId), day, from)
    return !from.isBefore((due.isAfter(at) ? due : at).plusMillis(noticeMs))
  }
  const isOfRun = (contract: Contract | undefined) => contract?.product === product
  /** What is fixed of it, W; a turn-up is negative. */
  const fixedW = (from: Instant) => {
    const contract = contractAt(facts, fuId, from)
    const isChosen = isOfDay(from) && isOfRun(contract) && !isPast(from)
    const issued = facts.issued.get(fuId)?.get(from.toEpochMilli())
    if (isChosen) return issued && issued.product !== product ? issued.turnDownW : 0
    return from.isBefore(at) ? (issued?.turnDownW ?? 0) : plannedW(facts, fuId, from)
  }
  /** The contract by which the run may choose of it. */
  const openContract = (from: Instant) => {
    const contract = contractAt(facts, fuId, from)
    const isOpen = isOfDay(from) && isOfRun(contract) && !isPast(from)
    return isOpen && contract?.direction === way ? contract : undefined
  }
  /** What may be chosen of it by its contract and its FSP, W. */
  const statedW = (from: Instant) => {
    const contract = openContract(from)
    if (!contract || facts.isOut(fuId, from) || !hasNotice(contract, from)) return 0
    return Math.min(availableW(contract, own, from), facts.members.get(fuId)?.ratedW ?? 0)
  }
  const leastW = limits ? leastOf(limits, unit, least)[way] : 0
  const offers = offersOf(statedW, facts.reliabilities.get(fuId), leastW)
  const closed = (from: Instant): ClosedBecause | null => {
    const contract = openContract(from)
    if (!contract || offers.availableW(from) > 0) return null
    if (facts.isOut(fuId, from)) return 'out-of-service'
    if (!hasNotice(contract, from)) return 'no-notice'
    return statedW(from) > 0 ? 'not-reliable' : 'offered-nothing'
  }
  return {
    fuId,
    fspId: unit.fspId,
    nodeId,
    capabilityW: capabilityOf(unit, way),
    leastW,
    fixedW: (from) => Math.max(0, signOf(way) * fixedW(from)),
    otherW: (from) => Math.max(0, -signOf(way) * fixedW(from)),
    ...offers,
    closed,
    price: (from) => (isOfDay(from) ? priceOf(contractAt(facts, fuId, from), own, from) : 0),
    constraints: limits,
    activationsLeft: activations.get(fuId) ?? null,
  }
}

/**
 * What an FU is to do in a quarter-hour ahead, W, negative for a turn-up: what was issued to it, otherwise what its live schedule asks for
 * under its contract; 0 where it is stopped or out of service.
 */
export function plannedW(facts: Facts, fuId: string, from: Instant): number {
  if (facts.isOut(fuId, from)) return 0
  const issued = facts.issued.get(fuId)?.get(from.toEpochMilli())
  if (issued) return issued.turnDownW
  const contract = contractAt(facts, fuId, from)
  const schedule = contract && facts.live.get(tradingDayOf(from).toString())?.get(contract.product)?.get(fuId)
  return contract && schedule ? (withinContract(valueAt(schedule, from) ?? 0, contract) ?? 0) : 0
}

/** The live schedules by product. For an FU without a selection, the kind that the timetable of its contract uses. */
async function liveByProduct(
  tx: Queryable,
  day: LocalDate,
  contracts: readonly Contract[],
  timetables: ReadonlyMap<Product, readonly ProductTimetable[]>,
) {
  const live = new Map<Product, Map<string, DispatchSchedule>>()
  for (const [product, each] of timetables) {
    const own = new Map<string, DispatchSchedule>()
    for (const { unselected, covers } of each) {
      const followers = contracts.filter((one) => one.product === product && covers(one.contractId))
      const fuIds = [...new Set(followers.map((one) => one.fuId))]
      for (const [fuId, schedule] of await liveSchedules(tx, day, fuIds, { product, unselected }))
        own.set(fuId, schedule)
    }
    live.set(product, own)
  }
  return live
}

/** Whether what was chosen for an FU in a quarter-hour stays: it is past, or has gone out by another timetable. */
export function standsAlready({ from: first, hasGoneOut }: Again, fuId: string, from: Instant): boolean {
  return (first !== undefined && from.isBefore(first)) || (hasGoneOut?.(fuId, from) ?? false)
}

/** The smaller of what is contracted and what the FSP declares; without a declaration the contract holds. */
function availableW(contract: Contract, submitted: readonly SubmittedRow[], from: Instant): number {
  const stated = (['deviation', 'availability'] as const).map((kind) => {
    const row = submitted.find((r) => r.kind === kind && r.direction === contract.direction)
    return row ? Number(row.values[periodIndexOf(from, row.resolution)]) : contract.turnDownW
  })
  return Math.min(contract.turnDownW, ...stated)
}

/** The cost that the FSP submitted, otherwise the utilisation price of its contract, £/MWh. */
export function priceTextOf(
  contract: Contract | undefined,
  submitted: readonly SubmittedRow[],
  from: Instant,
  way: Direction = contract?.direction ?? 'turn-down',
): string {
  const row = submitted.find((r) => r.kind === 'cost' && r.direction === way)
  const stated = row?.values[periodIndexOf(from, row.resolution)]
  return stated === undefined ? (contract?.utilisationGbpPerMwh ?? '0') : String(stated)
}

function priceOf(contract: Contract | undefined, submitted: readonly SubmittedRow[], from: Instant): number {
  return Number(priceTextOf(contract, submitted, from))
}
