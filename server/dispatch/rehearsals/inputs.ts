import type { Instant, LocalDate } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import type { PseudoNetwork, Rehearsal } from '../../../schemas/dispatch/rehearsals.ts'
import { leastTurnDownSettings } from '../../../schemas/settings/dispatch.ts'
import { periodIndexOf, periodStarts } from '../../../schemas/vocabulary/time.ts'
import { figuresAt } from '../../kit/index.ts'
import { capabilityOf, currentSubmissions, listContracts, listFlexibleUnits } from '../../market/index.ts'
import { leastOf } from '../constraints/index.ts'
import { buildModel, type DayInputs, type ModelUnit, priceTextOf } from '../optimisation/runs/index.ts'
import { isNeeded } from './rules.ts'

/**
 * The inputs of a rehearsal. Every member is in service, and can deliver what its FSP submitted for the day, otherwise what it is
 * registered for, contracted or not: a rehearsal asks what is possible, not what may be sent. It asks in one direction.
 */
export async function readMembers(
  tx: Queryable,
  at: Instant,
  network: PseudoNetwork,
  day: LocalDate,
  { scenario, direction: way, needW }: Pick<Rehearsal, 'scenario' | 'direction' | 'needW'>,
): Promise<DayInputs> {
  const starts = periodStarts(day, 'PT15M')
  const nodeOf = new Map(network.members.map((member) => [member.fuId, member.nodeId]))
  const fuIds = [...nodeOf.keys()]
  const units = await listFlexibleUnits(tx, at, { fuIds })
  const least = await figuresAt(tx, leastTurnDownSettings, at)
  const contracts = await listContracts(tx, { from: day, to: day })
  const submitted = Map.groupBy(await currentSubmissions(tx, day, { fuIds, direction: way }), (row) => row.fuId)
  const members = units.map((unit): ModelUnit => {
    const own = submitted.get(unit.fuId) ?? []
    const contract = contracts.find((c) => c.fuId === unit.fuId && c.direction === way)
    const capabilityW = capabilityOf(unit, way)
    return {
      fuId: unit.fuId,
      nodeId: nodeOf.get(unit.fuId) ?? '',
      constraints: unit.limits,
      activationsLeft: null,
      capabilityW,
      leastW: unit.limits ? leastOf(unit.limits, unit, least)[way] : 0,
      fixedW: () => 0,
      availableW(from) {
        const stated = own
          .filter((row) => row.kind === 'deviation' || row.kind === 'availability')
          .map((row) => Number(row.values[periodIndexOf(from, row.resolution)]))
        // As if it were instructed now: a rehearsal has no tick.
        const noticeS = 60 * (unit.limits?.noticeMinutes ?? 0)
        const hasNotice = noticeS === 0 || !from.isBefore(at.plusSeconds(noticeS))
        return isNeeded(scenario, from) && hasNotice ? Math.min(capabilityW, ...stated) : 0
      },
      price: (from) => Number(priceTextOf(contract, own, from, way)),
    }
  })
  const topOf = topsOf(network.nodes)
  const allAt = (nodeId: string, from: Instant) =>
    members.filter((m) => topOf.get(m.nodeId) === nodeId).reduce((sum, m) => sum + m.availableW(from), 0)
  const tops = new Set(topOf.values())
  const model = buildModel(network.nodes, members, (nodeId, from) =>
    tops.has(nodeId) && isNeeded(scenario, from) ? (needW ?? allAt(nodeId, from)) : null,
  )
  const horizon = { starts, day: { from: 0, end: starts.length } }
  return {
    model,
    horizon,
    starts,
    isOwn: () => true,
    nodeNames: new Map(network.nodes.map((node) => [node.nodeId, node.name])),
    // The scenario states every need.
    unknown: [],
  }
}

/** The topmost node above each node. */
function topsOf(nodes: PseudoNetwork['nodes']): Map<string, string> {
  const parents = new Map(nodes.map((node) => [node.nodeId, node.parentId]))
  const topOf = (nodeId: string): string => {
    const parent = parents.get(nodeId)
    return parent ? topOf(parent) : nodeId
  }
  return new Map(nodes.map((node) => [node.nodeId, topOf(node.nodeId)]))
}
