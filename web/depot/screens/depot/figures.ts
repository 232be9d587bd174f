import type { DepotState } from '../../../../schemas/fsp/depot-api.ts'
import type { ComplianceState } from '../../../../schemas/grid/connections.ts'
import { count, kw } from '../../../shared/format/power.ts'
import type { Tone } from '../../../shared/format/words.ts'
import { limitWords } from '../../words.ts'

type Decision = NonNullable<DepotState['decision']>

/** A site load that is older than this is shown as old, ms (schemas of alarms: amber after seven minutes). */
const oldMs = 7 * 60_000

/** How a depot's site load stands against its limit: at risk where it reaches into the buffer. */
export function loadState(decision: Decision | null): ComplianceState {
  if (!decision || decision.siteLoadW === null || decision.staleSiteLoad) return 'unknown'
  if (decision.siteLoadW > decision.capacityW) return 'breach'
  return decision.siteLoadW > decision.capacityW - decision.bufferW ? 'at-risk' : 'compliant'
}

/** Whether the load of a site is too old to go by. */
export function isOld(decision: Decision, nowMs: number): boolean {
  return decision.siteLoadAt === null || decision.staleSiteLoad || nowMs - Date.parse(decision.siteLoadAt) > oldMs
}

/** Sockets by what they do. */
export function socketsInWords(sockets: DepotState['sockets']): string {
  const of = (...states: string[]) => sockets.filter(({ state }) => states.includes(state)).length
  const parts = [
    `${of('charging')} charging`,
    `${of('preparing', 'full', 'finishing')} waiting or full`,
    `${of('available')} available`,
  ]
  if (of('faulted') > 0) parts.push(`${of('faulted')} faulted`)
  if (of('communications-lost') > 0) parts.push(`${of('communications-lost')} without communications`)
  return `${count(sockets.length, 'socket')}: ${parts.join(', ')}`
}

/** Sockets that somebody has to see to. */
export function socketsAtFault(sockets: DepotState['sockets']): number {
  return sockets.filter(({ state }) => state === 'faulted' || state === 'communications-lost').length
}

/** How much a depot needs someone: the higher, the sooner. */
export function urgencyOf(depot: DepotState): number {
  const order: Record<ComplianceState, number> = { breach: 8, 'at-risk': 4, unknown: 2, compliant: 0 }
  return (
    order[loadState(depot.decision)] * 10 + (depot.mode === 'off' ? 10 : 0) + Math.min(9, socketsAtFault(depot.sockets))
  )
}

/** What the depot's load and limit come to, in one sentence. */
export function loadInWords({ decision }: DepotState): { tone: Tone; text: string } {
  if (!decision) return { tone: 'doubt', text: 'No decision has been made since the FSP was started.' }
  const { capacityW, siteLoadW, headroomW, binding } = decision
  const limit = `the limit in force, ${kw(capacityW)} (${limitWords[binding].toLowerCase()})`
  if (siteLoadW === null)
    return { tone: 'doubt', text: `The site load is not known. A careful figure is used under ${limit}.` }
  if (decision.staleSiteLoad)
    return { tone: 'doubt', text: `The site load is too old to go by. A careful figure is used under ${limit}.` }
  if (siteLoadW > capacityW)
    return { tone: 'fault', text: `The site takes ${kw(siteLoadW - capacityW)} more than ${limit}.` }
  return { tone: 'normal', text: `The site keeps ${limit}. ${kw(headroomW)} are free for vehicles.` }
}
