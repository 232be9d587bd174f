import type { Instant, LocalDate } from '@js-joda/core'
import type { Queryable } from '../../../../platform/db/index.ts'
import type { UnknownNode } from '../../../../schemas/dispatch/optimisation.ts'
import type { Contract } from '../../../../schemas/market/contracts.ts'
import type { FlexibleUnit } from '../../../../schemas/market/parties.ts'
import type { DispatchSchedule } from '../../../../schemas/market/schedules.ts'
import { leastTurnDownSettings } from '../../../../schemas/settings/dispatch.ts'
import { dayEnd, dayStart, periodIndexOf, periodStarts, tradingDayOf } from '../../../../schemas/vocabulary/time.ts'
import { type Direction, type Product, signOf } from '../../../../schemas/vocabulary/units.ts'
import { allNodes } from '../../../grid/index.ts'
import { figuresAt } from '../../../kit/index.ts'
import {
  capabilityOf,
  currentSubmissions,
  dueAt,
  isContracted,
  listContracts,
  listFlexibleUnits,
  membersOn,
  noticesOf,
  type ProductTimetable,
  type SubmittedRow,
  serviceHistory,
  termOf,
  timetableFor,
  timetablesInForce,
} from '../../../market/index.ts'
import { expectedLoadsOn, targetLevelsOn } from '../../../planning/index.ts'
import { type Issued, issuedTo, type LeastTurnDown, leastOf, reachOf } from '../../constraints/index.ts'
import { stoppedUnits } from '../../emergency/index.ts'
import { isInService, liveSchedules, valueAt, withinContract } from '../../schedules/index.ts'
import { activationsLeft } from './activations.ts'
import type { Horizon } from './day-problem.ts'
import { buildModel, type DayModel, type ModelUnit, type RoomW } from './model.ts'
import { unknownNeeds } from './unknown-needs.ts'

/** A day in one direction. */
export interface Directed {
  model: DayModel
  roomW: RoomW
}

/** The inputs of a run over a day, read at one moment. */
export interface DayInputs {
  /** Turn-down. */
  model: DayModel
  /** What both directions need to know of each other; absent where nothing can be turned up and no reverse power is limited. */
  both?: { down: RoomW; up: Directed }
  horizon: Horizon
  /** The quarter-hours of the day. */
  starts: Instant[]
  nodeNames: Map<string, string>
  /** Nodes at and above the FUs of the product of which it cannot be said whether they have a need. */
  unknown: UnknownNode[]
  /** Whether the run may choose an FU in a quarter-hour at all: it is contracted for the product then. */
  isOwn(fuId: string, at: Instant): boolean
}

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

/** What decides how far FUs can be turned down, read at one moment for a day and those beside it. */
interface Facts {
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
  /** Minutes between the issue and the start of a turn-down. */
  noticeMinutes(fuId: string): number
  /** The DERs of FUs on the day: what they are rated for bounds the turn-down. */
  members: Awaited<ReturnType<typeof membersOn>>
  isOut(fuId: string, from: Instant): boolean
}

/** Reads the network, forecasts and targets, and what each contracted FU has submitted for a day. */
export async function readInputs(
  tx: Queryable,
  at: Instant,
  day: LocalDate,
  product: Product,
  again: Again = {},
): Promise<DayInputs> {
  const starts = periodStarts(day, 'PT15M')
  const contracts = await listContracts(tx, { from: day.minusDays(1), to: day.plusDays(1) })
  const fuIds = [...new Set(contracts.map((c) => c.fuId))]
  const units = await listFlexibleUnits(tx, at, { fuIds })
  const horizon = horizonOf(day, starts, units)
  const facts = await readFacts(tx, { at, day, product, again }, contracts, units)
  const isOwn = (fuId: string, from: Instant) => contractAt(facts, fuId, from)?.product === product
  const flexible = (way: Direction) => units.map((unit) => modelUnit(facts, unit, way))
  const nodes = await allNodes(tx)
  const loads = [await expectedLoadsOn(tx, day, at), await expectedLoadsOn(tx, day.plusDays(1), at)]
  const levels = await targetLevelsOn(tx, nodes, day, at)
  const known = {
    loadW: (nodeId: string, from: Instant) =>
      loads.map((each) => each.get(nodeId)?.get(from.toEpochMilli())).find((w) => w !== undefined),
    targetW: (nodeId: string) => levels.get(nodeId)?.targetW ?? null,
  }
  /** By how much a node is forecast to exceed its limit in a direction, W; negative below it. */
  const excessW = (nodeId: string, from: Instant, way: Direction) => {
    const loadW = known.loadW(nodeId, from)
    const { targetW = null, reverseTargetW = null } = levels.get(nodeId) ?? {}
    const limitW = way === 'turn-up' ? reverseTargetW : targetW
    return loadW === undefined || limitW === null ? null : signOf(way) * loadW - limitW
  }
  const directed = (way: Direction, other: Direction): Directed => ({
    model: buildModel(nodes, flexible(way), (nodeId, from) => excessW(nodeId, from, way)),
    roomW: (nodeId, from) => negated(excessW(nodeId, from, other)),
  })
  const down = directed('turn-down', 'turn-up')
  const isDirected =
    contracts.some((contract) => contract.direction === 'turn-up') ||
    [...levels.values()].some((level) => level.reverseTargetW !== null)
  const own = units.filter(({ fuId }) => starts.some((from) => isOwn(fuId, from)))
  const unknown = unknownNeeds(
    nodes,
    own.map(({ nodeId }) => nodeId),
    starts,
    known,
  )
  return {
    model: down.model,
    ...(isDirected ? { both: { down: down.roomW, up: directed('turn-up', 'turn-down') } } : {}),
    horizon,
    starts,
    isOwn,
    unknown,
    nodeNames: new Map(nodes.map((node) => [node.nodeId, node.name])),
  }
}

const negated = (w: number | null) => (w === null ? null : -w)

/** A day with as many quarter-hours before and after it as the constraints of its FUs reach. */
function horizonOf(day: LocalDate, starts: Instant[], units: readonly FlexibleUnit[]): Horizon {
  const before = periodStarts(day.minusDays(1), 'PT15M')
  const after = periodStarts(day.plusDays(1), 'PT15M')
  const { back, ahead } = reachOf(
    units.map((unit) => unit.limits),
    Math.min(before.length, after.length),
  )
  const first = back === 0 ? [] : before.slice(-back)
  const from = first.length
  return { starts: [...first, ...starts, ...after.slice(0, ahead)], day: { from, end: from + starts.length } }
}

async function readFacts(
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
    noticeMinutes: await noticesOf(tx, product, fuIds, at),
    members: await membersOn(tx, fuIds, day),
    isOut: (fuId, start) =>
      stopped.has(fuId) || (again.isLost?.(fuId, start) ?? false) || !isInService(service.get(fuId) ?? [], start),
  }
}

function isOnDay({ validFrom, validTo }: Contract, day: LocalDate): boolean {
  return validFrom <= day.toString() && day.toString() <= validTo
}

function contractAt({ contracts }: Facts, fuId: string, from: Instant): Contract | undefined {
  return contracts.find((c) => c.fuId === fuId && isContracted(termOf(c), from))
}

function modelUnit(facts: Facts, unit: FlexibleUnit, way: Direction): ModelUnit {
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
    if (from.isBefore(at)) return issued?.turnDownW ?? 0
    if (issued) return facts.isOut(fuId, from) ? 0 : issued.turnDownW
    const schedule = contract && facts.live.get(tradingDayOf(from).toString())?.get(contract.product)?.get(fuId)
    if (!contract || !schedule || facts.isOut(fuId, from)) return 0
    return withinContract(valueAt(schedule, from) ?? 0, contract) ?? 0
  }
  return {
    fuId,
    nodeId,
    capabilityW: capabilityOf(unit, way),
    leastW: limits ? leastOf(limits, unit, least)[way] : 0,
    fixedW: (from) => Math.max(0, signOf(way) * fixedW(from)),
    otherW: (from) => Math.max(0, -signOf(way) * fixedW(from)),
    availableW(from) {
      const contract = contractAt(facts, fuId, from)
      if (!contract || !isOfDay(from) || !isOfRun(contract) || isPast(from)) return 0
      if (contract.direction !== way) return 0
      if (facts.isOut(fuId, from) || !hasNotice(contract, from)) return 0
      return Math.min(availableW(contract, own, from), facts.members.get(fuId)?.ratedW ?? 0)
    },
    price: (from) => (isOfDay(from) ? priceOf(contractAt(facts, fuId, from), own, from) : 0),
    constraints: limits,
    activationsLeft: activations.get(fuId) ?? null,
  }
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
      for (const [fuId, schedule] of await liveSchedules(tx, day, fuIds, unselected ?? undefined))
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
export function priceTextOf(contract: Contract | undefined, submitted: readonly SubmittedRow[], from: Instant): string {
  const way = contract?.direction ?? 'turn-down'
  const row = submitted.find((r) => r.kind === 'cost' && r.direction === way)
  const stated = row?.values[periodIndexOf(from, row.resolution)]
  return stated === undefined ? (contract?.utilisationGbpPerMwh ?? '0') : String(stated)
}

function priceOf(contract: Contract | undefined, submitted: readonly SubmittedRow[], from: Instant): number {
  return Number(priceTextOf(contract, submitted, from))
}
