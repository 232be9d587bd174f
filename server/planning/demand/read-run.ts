import type { Queryable } from '../../../platform/db/index.ts'
import type { demandRunOperations } from '../../../schemas/planning/demand-runs.ts'
import { keyIn, pageFrom, type Verb } from '../../kit/index.ts'
import { outlookTerms } from './compute-network.ts'
import { rowsOf } from './edition-store.ts'
import { dayKinds, slots } from './engine/demand.ts'
import type { MappingMethod } from './mapping/model.ts'
import { type NodeFinding, sideBySide } from './outlook/compare.ts'
import { peakPercentiles } from './outlook/few-vehicles.ts'
import type { NetworkRecord } from './records.ts'
import {
  areasAfter,
  type NodeRow,
  nodeBatches,
  type RunRow,
  requireDone,
  requireRun,
  requireRunNode,
  viewRunNode,
} from './run-store.ts'

/** The terms of a run that is done, from its record and its summary. */
export async function termsOf(db: Queryable, run: RunRow) {
  const record = run.record as unknown as NetworkRecord
  const { years, meanShare } = run.summary as { years: number[]; meanShare: number[] }
  const profiles = await rowsOf(db, 'profiles', record.profiles === null ? [] : [record.profiles])
  return { record, terms: outlookTerms(record, { years, meanShare: Float64Array.from(meanShare) }, profiles) }
}

/** What a node carries, as the engines know it. */
export function demandOfRow({ vehicles, fleetW }: NodeRow) {
  return { vehicles: Float64Array.from(vehicles), fleetW: fleetW && Float64Array.from(fleetW) }
}

/** A node year by year. */
export const readRunNode: Verb<typeof demandRunOperations.readRunNode> = async ({ db, params }) => {
  const run = await requireRun(db, params.id)
  const row = await requireRunNode(db, params.id, params.nodeId)
  const { record, terms } = await termsOf(db, run)
  const view = viewRunNode(row)
  const isFew = view.vehicles <= record.few.vehicles
  return {
    ...view,
    years: terms.years.map((year, y) => ({
      year,
      peakW: row.peakW[y] ?? 0,
      leastHeadroomW: row.leastHeadroomW?.[y] ?? null,
      hoursOver: row.hoursOver?.[y] ?? null,
    })),
    percentiles: isFew
      ? peakPercentiles(row.nodeId, demandOfRow(row), terms.years.length - 1, 0, terms, record.few)
      : null,
  }
}

/** The areas of a run by code. */
export const listRunAreas: Verb<typeof demandRunOperations.listRunAreas> = async ({ db, params, query }) => {
  const run = await requireRun(db, params.id)
  // An area of trips without a charge has no demand, which is known.
  const none = run.kind === 'trips' ? 0 : null
  const [after = ''] = query.cursor === undefined ? [] : keyIn(query.cursor)
  const rows = await areasAfter(db, params.id, String(after), query.limit + 1)
  const weekday = dayKinds.indexOf('winter weekday') * slots
  return pageFrom(
    rows,
    query,
    (row) => [row.area],
    ({ area, meanW, basis, confidence, nodeIds, shares }) => ({
      area,
      peakW: meanW?.reduce((a, b) => Math.max(a, b), 0) ?? none,
      energyWhPerWinterWeekday: meanW?.slice(weekday, weekday + slots).reduce((sum, w) => sum + w / 2, 0) ?? none,
      basis: basis as MappingMethod | null,
      confidence: confidence as 'high' | 'medium' | 'low' | null,
      nodes: nodeIds.map((nodeId, i) => ({ nodeId, share: shares[i] ?? 0 })),
    }),
  )
}

/** Nodes that a comparison names. */
const mostNamed = 200

interface NamedFinding extends NodeFinding {
  name: string
  isKnown: boolean
}

/** What a run that is done found of each of its nodes. */
async function findingsOfRun(db: Queryable, id: string): Promise<NamedFinding[]> {
  await requireDone(db, id, 'network')
  const found: NamedFinding[] = []
  for await (const rows of nodeBatches(db, id, 2_000))
    for (const { nodeId, name, firstYear, peakW, leastHeadroomW } of rows)
      found.push({ nodeId, name, firstYear, isKnown: leastHeadroomW !== null, peakW: peakW.at(-1) ?? 0 })
  return found
}

/** Two runs side by side. */
export const compareDemandRuns: Verb<typeof demandRunOperations.compareDemandRuns> = async ({ db, params }) => {
  const all = sideBySide(await findingsOfRun(db, params.id), await findingsOfRun(db, params.otherId))
  const view = (found: NamedFinding | null) =>
    found && { firstYear: found.firstYear, isKnown: found.isKnown, peakW: found.peakW }
  return {
    one: params.id,
    other: params.otherId,
    items: all.slice(0, mostNamed).map(({ nodeId, differenceW, one, other }) => ({
      nodeId,
      name: one?.name ?? other?.name ?? nodeId,
      one: view(one),
      other: view(other),
      differenceW,
    })),
    nodes: all.length,
    otherFirstYear: all.filter(({ one, other }) => one && other && one.firstYear !== other.firstYear).length,
  }
}
