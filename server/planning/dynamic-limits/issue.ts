import type { Instant, LocalDate } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import type { DynamicIssue } from '../../../schemas/planning/dynamic-limits.ts'
import { dynamicLimitSettings } from '../../../schemas/settings/dynamic-limits.ts'
import { periodStarts, quarterMs } from '../../../schemas/vocabulary/time.ts'
import {
  agreedTermsOf,
  allNodes,
  type DynamicTermsRow,
  dynamicTermsOn,
  feedingNodes,
  limitSteps,
  saveIssues,
} from '../../grid/index.ts'
import { figuresAt } from '../../kit/index.ts'
import { targetLevelsOn } from '../load/index.ts'
import { expectedImportsOn, expectedLoadsOn } from '../load-model/index.ts'
import { type NodeFacts, periodsOf, type Site } from './periods.ts'

const halfHourMs = 2 * quarterMs

/** Issues the dynamic limits of a day that has not begun to all connections whose contracts have them. */
export async function issueFor(tx: Queryable, day: LocalDate, at: Instant, by: string): Promise<DynamicIssue> {
  const terms = await dynamicTermsOn(tx, { lock: true })
  const { share } = await figuresAt(tx, dynamicLimitSettings, at)
  const starts = periodStarts(day, 'PT30M')
  const tree = await allNodes(tx)
  const parents = new Map(tree.map((node) => [node.nodeId, node.parentId]))
  const sites = await sitesOf(tx, terms, day, starts, parents)
  const wanted = new Set(sites.flatMap((site) => site.path))
  const levels = await targetLevelsOn(
    tx,
    tree.filter((node) => wanted.has(node.nodeId)),
    day,
    at,
  )
  const loads = await expectedLoadsOn(tx, day, at)
  const facts = new Map<string, NodeFacts>(
    [...wanted].map((nodeId) => [
      nodeId,
      { targetW: levels.get(nodeId)?.targetW ?? null, loadW: starts.map((start) => loadAt(loads.get(nodeId), start)) },
    ]),
  )
  const periods = periodsOf(starts, sites, facts, share)
  const rows = sites.map(({ connectionId, floorW }) => ({
    connectionId,
    floorW,
    periods: periods.get(connectionId) ?? [],
  }))
  await saveIssues(
    tx,
    rows.map((row) => ({ ...row, day, share, issuedAt: at, issuedBy: by })),
  )
  const counts: DynamicIssue['periods'] = {}
  for (const { reason } of rows.flatMap((row) => row.periods)) counts[reason] = (counts[reason] ?? 0) + 1
  return { tradingDay: day.toString(), share, connections: rows.length, periods: counts }
}

async function sitesOf(
  tx: Queryable,
  terms: readonly DynamicTermsRow[],
  day: LocalDate,
  starts: readonly Instant[],
  parents: ReadonlyMap<string, string | null>,
): Promise<Site[]> {
  const ids = terms.map((each) => each.connectionId)
  const agreed = await agreedTermsOf(tx, ids, { withoutAgreement: true })
  const nodes = await feedingNodes(tx, ids)
  const expected = await expectedImportsOn(tx, day)
  return terms.flatMap(({ connectionId, floorW, topNodeId }) => {
    const [own, nodeId] = [agreed.get(connectionId), nodes.get(connectionId)]
    if (!own || nodeId === undefined) return []
    const steps = limitSteps(own, day)
    // A step that begins within a half-hour: the lower limit counts for all of it.
    const leastAt = (start: Instant) => {
      const [from, to] = [start.toEpochMilli(), start.toEpochMilli() + halfHourMs]
      const within = steps.filter((step) => step.from.toEpochMilli() < to && step.to.toEpochMilli() > from)
      return Math.min(...within.map((step) => step.limitW), own.ascKva * 1000 * own.powerFactor)
    }
    const expectedW = expected.get(connectionId) ?? null
    return [{ connectionId, floorW, path: pathUp(nodeId, topNodeId, parents), agreedW: starts.map(leastAt), expectedW }]
  })
}

/** From a node up to another; all the way up if that one is not above it any more, so that no node is overlooked. */
function pathUp(nodeId: string, topNodeId: string, parents: ReadonlyMap<string, string | null>): string[] {
  const path = [nodeId]
  for (let up = nodeId; up !== topNodeId; ) {
    const parent = parents.get(up) ?? null
    if (parent === null) break
    path.push(parent)
    up = parent
  }
  return path
}

/** The expected load of a half-hour: the higher of its quarter-hours; `null` unless both are known. */
function loadAt(byQuarter: ReadonlyMap<number, number> | undefined, start: Instant): number | null {
  const ms = start.toEpochMilli()
  const [first, second] = [byQuarter?.get(ms), byQuarter?.get(ms + quarterMs)]
  return first === undefined || second === undefined ? null : Math.max(first, second)
}
