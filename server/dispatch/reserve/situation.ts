import type { Instant, LocalDate } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError, problemOf } from '../../../platform/http/index.ts'
import type { Contract } from '../../../schemas/market/contracts.ts'
import type { FlexibleUnit } from '../../../schemas/market/parties.ts'
import { brokenField } from '../../../schemas/vocabulary/outcome.ts'
import { periodStarts, tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { type Direction, directionOf, type Product, signOf } from '../../../schemas/vocabulary/units.ts'
import { allNodes } from '../../grid/index.ts'
import { listContracts, listFlexibleUnits } from '../../market/index.ts'
import { deliveryNow } from '../delivery/index.ts'
import { nextQuarterHour } from '../instructions/index.ts'
import { type Facts, plannedW, readFacts } from '../optimisation/runs/index.ts'
import { type ReserveRow, reserveIssued } from './store.ts'

/** A node and those above it, in order. */
type NodePath = { nodeId: string; name: string }[]

/** What is missing of the instruction of an FU, and all that decides which FUs can make it good; read at one moment. */
export interface Situation extends Awaited<ReturnType<typeof deliveryNow>> {
  at: Instant
  day: LocalDate
  short: FlexibleUnit
  way: Direction
  nodeId: string
  nodes: NodePath
  /** The FUs behind the node, without the one that falls short, by name. */
  units: FlexibleUnit[]
  contracts: Contract[]
  /** What FUs may give, by product. */
  facts: ReadonlyMap<Product, Facts>
  /** The quarter-hours ahead in which the FU is to go on, and what is missing in each, W of magnitude. */
  quarters: Instant[]
  missingW: number[]
  issued: ReserveRow[]
}

/**
 * Reads the reserve for an FU of which something is instructed.
 * @param asked the node whose FUs are looked at: the FU's own, which is the default, or one above it.
 */
export async function readSituation(tx: Queryable, at: Instant, fuId: string, asked?: string): Promise<Situation> {
  const [short] = await listFlexibleUnits(tx, at, { fuIds: [fuId] })
  if (!short) throw new ProblemError('not-found', `There is no FU ${fuId}.`)
  const known = await deliveryNow(tx, at, fuId)
  if (known.instructedNowW === 0) throw new ProblemError('conflict', `Nothing is instructed of ${short.name} now.`)
  const way = directionOf(known.instructedNowW)
  const next = nextQuarterHour(at)
  const day = tradingDayOf(next)
  const { nodes, nodeId, isBehind } = await nodesOf(tx, short, asked)
  const contracts = await listContracts(tx, { from: day.minusDays(1), to: day.plusDays(1) })
  const issued = await reserveIssued(tx, fuId, day)
  const contracted = await listFlexibleUnits(tx, at, { fuIds: [...new Set(contracts.map((each) => each.fuId))] })
  const asReserve = new Set(issued.flatMap((row) => row.units.map((unit) => unit.fuId)))
  const beside = contracted.filter((unit) => unit.fuId !== fuId)
  const read = [short, ...beside.filter((unit) => asReserve.has(unit.fuId) || isBehind(unit))]
  const facts = await factsByProduct(tx, { at, day, again: { from: next } }, contracts, read)
  const [any] = facts.values()
  if (!any) throw new ProblemError('conflict', `No FU is contracted on ${day}.`)
  const quarters = goesOnIn(any, short.fuId, way, periodStarts(day, 'PT15M'), next)
  return {
    ...known,
    at,
    day,
    short,
    way,
    nodeId,
    nodes,
    units: beside.filter(isBehind),
    contracts,
    facts,
    quarters,
    missingW: quarters.map((from) => missingIn(any, { ...known, way, short, issued }, from)),
    issued,
  }
}

async function nodesOf(tx: Queryable, short: FlexibleUnit, asked: string | undefined) {
  const byId = new Map((await allNodes(tx)).map((node) => [node.nodeId, node]))
  const pathOf = (nodeId: string): NodePath => {
    const path: NodePath = []
    for (let node = byId.get(nodeId); node; node = node.parentId === null ? undefined : byId.get(node.parentId))
      path.push({ nodeId: node.nodeId, name: node.name })
    return path
  }
  const nodes = pathOf(short.nodeId)
  const nodeId = asked ?? short.nodeId
  if (!nodes.some((node) => node.nodeId === nodeId))
    throw problemOf(brokenField('nodeId', `is neither the node of ${short.name} nor one above it`))
  return { nodes, nodeId, isBehind: (unit: FlexibleUnit) => pathOf(unit.nodeId).some((node) => node.nodeId === nodeId) }
}

/** Each product has its own notice and timetable. */
async function factsByProduct(
  tx: Queryable,
  given: Pick<Facts, 'at' | 'day' | 'again'>,
  contracts: Contract[],
  units: FlexibleUnit[],
): Promise<Map<Product, Facts>> {
  const facts = new Map<Product, Facts>()
  for (const product of new Set(contracts.map((each) => each.product)))
    facts.set(product, await readFacts(tx, { ...given, product }, contracts, units))
  return facts
}

/** The quarter-hours from the next on in which an FU is to go on without a break. */
function goesOnIn(facts: Facts, fuId: string, way: Direction, starts: readonly Instant[], next: Instant): Instant[] {
  const ahead = starts.filter((from) => !from.isBefore(next))
  const end = ahead.findIndex((from) => signOf(way) * plannedW(facts, fuId, from) <= 0)
  return end < 0 ? ahead : ahead.slice(0, end)
}

/** What is planned, less what the FU delivers and what reserve that stands gives already. */
function missingIn(
  facts: Facts,
  { state, deliveredW, way, short, issued }: Pick<Situation, 'state' | 'deliveredW' | 'way' | 'short' | 'issued'>,
  from: Instant,
): number {
  if (state === 'delivered' || state === 'not-judged') return 0
  const wantedW = signOf(way) * plannedW(facts, short.fuId, from)
  const coveredW = issued
    .flatMap(({ units }) => units)
    .reduce((sum, unit) => {
      const own = unit.periods.find((period) => period.from === from.toString())
      const standsW = signOf(way) * (facts.issued.get(unit.fuId)?.get(from.toEpochMilli())?.turnDownW ?? 0)
      return own ? sum + Math.min(own.turnDownW, Math.max(0, standsW - own.plannedW)) : sum
    }, 0)
  return Math.max(0, Math.round(wantedW - (deliveredW ?? 0) - coveredW))
}
