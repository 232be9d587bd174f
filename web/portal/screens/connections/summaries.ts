import type { ComplianceState, ConnectionSummary } from '../../../../schemas/grid/connections.ts'
import type { Overview } from '../../../../schemas/portal/portal.ts'
import { count } from '../../../shared/format/power.ts'
import type { Tone } from '../../../shared/format/words.ts'

/** Order of urgency: what needs someone stands first. */
const urgency: Record<ComplianceState, number> = { breach: 0, unknown: 1, 'at-risk': 2, compliant: 3 }

/** Whether a site has no monitor at all: its state is not known, and nobody need look into that. */
function isUnmonitored({ hubLink, import: measured }: ConnectionSummary): boolean {
  return hubLink === null && measured === null
}

/** Rank of a site in a list that has exceptions first. */
export function urgencyOf(site: ConnectionSummary): number {
  const quiet = site.openAlarms === 0 && site.hubLink !== 'offline'
  return (isUnmonitored(site) ? urgency.compliant : urgency[site.state]) * 2 + (quiet ? 1 : 0)
}

/** Sites in order of urgency, then by name. */
export function exceptionsFirst(sites: readonly ConnectionSummary[]): ConnectionSummary[] {
  return sites.toSorted((a, b) => urgencyOf(a) - urgencyOf(b) || a.name.localeCompare(b.name))
}

/** The overview in one line: what needs someone, or that nothing does. */
export function overviewInWords({ sites: all, alarms, dispatch }: Overview): { tone: Tone; text: string } {
  if (all.length === 0) return { tone: 'normal', text: 'No profiled connection has been set up yet.' }
  const sites = all.filter((site) => !isUnmonitored(site))
  const monitored = sites.length === all.length ? '' : ' with a monitor'
  const of = (state: ComplianceState) => sites.filter((site) => site.state === state)
  const parts = [
    named(of('breach'), 'over its limit', 'over their limits'),
    named(of('unknown'), 'without fresh data', 'without fresh data'),
    named(of('at-risk'), 'close to its limit', 'close to their limits'),
  ].filter((part) => part !== null)
  const faults = [
    dispatch.refused > 0 ? `${count(dispatch.refused, 'instruction')} refused` : null,
    dispatch.unknown > 0 ? `${count(dispatch.unknown, 'instruction')} without an answer` : null,
    dispatch.missed > 0 ? `${count(dispatch.missed, 'instruction')} missed` : null,
  ].filter((part) => part !== null)
  const open = alarms.critical + alarms.high + alarms.medium + alarms.low
  const alarmPart = open > 0 ? `${count(open, 'alarm')} open` : null
  const needs = [...parts, ...faults, ...(alarmPart ? [alarmPart] : [])]
  const within =
    sites.length === 0
      ? 'No site has a monitor yet.'
      : `All ${count(sites.length, 'site')}${monitored} are within their limits.`
  if (needs.length === 0) return { tone: 'normal', text: `${within} No alarm is open.` }
  const rest = parts.length === 0 ? ` ${within}` : ''
  return { tone: toneOf({ sites, alarms, dispatch }), text: `${sentence(needs)}${rest}` }
}

function toneOf({ sites, alarms, dispatch }: Pick<Overview, 'sites' | 'alarms' | 'dispatch'>): Tone {
  const isIn = (state: ComplianceState) => sites.some((site) => site.state === state)
  if (isIn('breach') || alarms.critical + alarms.high + dispatch.refused + dispatch.missed > 0) return 'fault'
  return isIn('unknown') || dispatch.unknown > 0 ? 'doubt' : 'risk'
}

function named(sites: readonly ConnectionSummary[], one: string, many: string): string | null {
  const [first, second] = sites
  if (!first) return null
  if (!second) return `${first.name} is ${one}`
  if (sites.length === 2) return `${first.name} and ${second.name} are ${many}`
  return `${sites.length} sites are ${many}`
}

function sentence(parts: readonly string[]): string {
  const text = parts.join('; ')
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}

/** The dispatch of the day in words: `36 instructions due so far, all acknowledged.` */
export function dispatchInWords(totals: Overview['dispatch']): string {
  const { due, issued, acknowledged } = totals
  if (due === 0 && issued === 0) return 'No turn-down has been due today.'
  const head = `${count(Math.max(due, issued), 'turn-down instruction')} due so far`
  if (acknowledged === issued && issued >= due) return `${head}, all acknowledged.`
  return `${head}, ${issued} issued, ${acknowledged} acknowledged.`
}
