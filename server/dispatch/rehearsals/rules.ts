import type { Instant } from '@js-joda/core'
import type { PseudoNetwork, Scenario } from '../../../schemas/dispatch/rehearsals.ts'
import { clockTimeOf } from '../../../schemas/vocabulary/time.ts'

/** When each scenario has its need, local time; the end is exclusive. */
const scenarioWindows: Record<Scenario, readonly { from: string; to: string }[]> = {
  afternoon: [{ from: '13:00', to: '16:00' }],
  evening: [{ from: '16:00', to: '20:00' }],
  overnight: [
    { from: '00:00', to: '05:00' },
    { from: '23:00', to: '24:00' },
  ],
}

/** Whether a scenario has a need in the quarter-hour that starts at an instant. */
export function isNeeded(scenario: Scenario, from: Instant): boolean {
  const time = clockTimeOf(from)
  return scenarioWindows[scenario].some((window) => window.from <= time && time < window.to)
}

/** What is wrong with a pseudo-network: the field and the reason; `null` if its nodes are trees and each FU is at one of them. */
export function networkFault({
  nodes,
  members,
}: Pick<PseudoNetwork, 'nodes' | 'members'>): { field: string; message: string } | null {
  const parents = new Map(nodes.map((node) => [node.nodeId, node.parentId]))
  const seen = new Set<string>()
  for (const [i, { nodeId, parentId }] of nodes.entries()) {
    if (seen.has(nodeId)) return { field: `nodes[${i}].nodeId`, message: `${nodeId} appears twice` }
    seen.add(nodeId)
    if (parentId !== null && !parents.has(parentId))
      return { field: `nodes[${i}].parentId`, message: `there is no node ${parentId}` }
    let at: string | null = nodeId
    for (let steps = 0; at !== null; steps++, at = parents.get(at) ?? null)
      if (steps > nodes.length) return { field: `nodes[${i}].parentId`, message: `${nodeId} is its own ancestor` }
  }
  const placed = new Set<string>()
  for (const [i, { fuId, nodeId }] of members.entries()) {
    if (!parents.has(nodeId)) return { field: `members[${i}].nodeId`, message: `there is no node ${nodeId}` }
    if (placed.has(fuId)) return { field: `members[${i}].fuId`, message: `${fuId} appears twice` }
    placed.add(fuId)
  }
  return null
}
