import type { Instant, LocalDate } from '@js-joda/core'
import type { Queryable } from '../../../../platform/db/index.ts'
import type { UnknownNode } from '../../../../schemas/dispatch/optimisation.ts'
import type { FlexibleUnit } from '../../../../schemas/market/parties.ts'
import { periodStarts } from '../../../../schemas/vocabulary/time.ts'
import { type Direction, type Product, signOf } from '../../../../schemas/vocabulary/units.ts'
import { allNodes } from '../../../grid/index.ts'
import { listContracts, listFlexibleUnits } from '../../../market/index.ts'
import { expectedLoadsOn, nodeTermsAt, targetLevelsOn } from '../../../planning/index.ts'
import { reachOf } from '../../constraints/index.ts'
import type { Horizon } from './day-problem.ts'
import { readExportRoom, withinExportRoom } from './export-room.ts'
import { type Again, contractAt, modelUnit, readFacts } from './flexibility.ts'
import { buildModel, type DayModel, type ModelNode, type RoomW } from './model.ts'
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
  const exportRoom = await readExportRoom(tx, at, day, fuIds)
  const flexible = (way: Direction) => {
    const all = units.map((unit) => modelUnit(facts, unit, way))
    return exportRoom && way === 'turn-down' ? withinExportRoom(all, exportRoom) : all
  }
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
  const terms = await nodeTermsAt(tx, at)
  const modelNodes = nodes.map(({ nodeId, parentId }): ModelNode => {
    const { ceilingGbpPerMwh, shortfallWeight } = terms.byNode.get(nodeId) ?? terms.usual
    return { nodeId, parentId, ceilingPrice: Number(ceilingGbpPerMwh ?? Infinity), weight: shortfallWeight }
  })
  const directed = (way: Direction, other: Direction): Directed => ({
    model: buildModel(modelNodes, flexible(way), (nodeId, from) => excessW(nodeId, from, way)),
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
