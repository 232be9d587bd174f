import type { Breach, ComplianceState, ConnectionDay, ConnectionSummary } from '../../../../schemas/grid/connections.ts'
import type { Overview } from '../../../../schemas/portal/portal.ts'
import { count, kw, power } from '../../../shared/format/power.ts'
import { dayAndTime, dayOf, duration, timeOfDay } from '../../../shared/format/time.ts'
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

/** Compliance of a connection now, in one sentence. */
export function connectionInWords(site: ConnectionSummary, now: number): string {
  const since = site.stateSince ? ` since ${dayAndTime(site.stateSince, dayOf(now))}` : ''
  if (!site.import) return `Nothing has been measured yet. The import limit now is ${kw(site.limitW)}.`
  const spare = site.limitW - site.import.importW
  const byExport = exportInWords(site, since)
  if (byExport) return byExport
  const last = `Import was ${kw(site.import.importW)} at ${dayAndTime(site.import.at, dayOf(now))}`
  if (site.state === 'unknown') return `No fresh data${since}. ${last}; the import limit now is ${kw(site.limitW)}.`
  if (site.state === 'breach') return `Import is ${kw(-spare)} over the limit of ${kw(site.limitW)}${since}.`
  if (site.state === 'at-risk') return `Import is within ${kw(spare)} of the limit of ${kw(site.limitW)}${since}.`
  return `Import is ${kw(spare)} under the limit of ${kw(site.limitW)}.`
}

/** Where it is the export that needs somebody. */
function exportInWords({ state, exportState, exportLimitW, import: measured }: ConnectionSummary, since: string) {
  if (!measured || exportLimitW === null || exportLimitW === undefined || exportState !== state) return null
  const exportW = -measured.importW
  if (exportW <= 0) return null
  const limit = `the export limit of ${kw(exportLimitW)}`
  if (state === 'breach') return `Export is ${kw(exportW - exportLimitW)} over ${limit}${since}.`
  return state === 'at-risk' ? `Export is within ${kw(exportLimitW - exportW)} of ${limit}${since}.` : null
}

/** A connection's day in one line: peak, breaches, turn-down. */
export function dayInOneLine(day: ConnectionDay, now: number): string {
  const peak = peakOf(day)
  if (!peak) return 'No import has been measured on this day.'
  const parts = [`Import peaked at ${kw(peak.importW)} at ${timeOfDay(peak.at)}`, breachesInWords(day.breaches, now)]
  const turnDowns = turnDownsInWords(day)
  if (turnDowns) parts.push(turnDowns)
  return `${parts.join('; ')}.`
}

function peakOf(day: ConnectionDay): ConnectionDay['load'][number] | undefined {
  return day.load.reduce<ConnectionDay['load'][number] | undefined>(
    (peak, point) => (peak && peak.importW >= point.importW ? peak : point),
    undefined,
  )
}

function breachesInWords(breaches: readonly Breach[], now: number): string {
  const [first] = breaches
  if (!first) return 'the limit was kept'
  const worst = Math.max(...breaches.map((b) => b.peakExcessW))
  if (breaches.length > 1) return `${breaches.length} breaches, up to ${kw(worst)} over`
  const lasted = duration((first.end === null ? now : Date.parse(first.end)) - Date.parse(first.start))
  const length = first.end === null ? `ongoing after ${lasted}` : `lasting ${lasted}`
  return `a breach from ${timeOfDay(first.start)}, ${length}, up to ${kw(worst)} over`
}

/** Turn-downs that lie end to end are told as one. */
function turnDownsInWords(day: ConnectionDay): string | null {
  const bands = turnDownBands(day)
  const [first] = bands
  if (!first) return null
  if (bands.length > 1) return `turn-down instructed in ${bands.length} spans`
  return `turn-down of ${power(first.turnDownW)} instructed from ${timeOfDay(first.from)} to ${timeOfDay(first.to)}`
}

/** States of an instruction in which its turn-down is not in force. */
const void_ = new Set(['refused', 'superseded', 'expired', 'planned'])

export interface TurnDownBand {
  from: number
  to: number
  turnDownW: number
}

/** Turn-downs of a day in force, those of the same power that lie end to end joined. */
export function turnDownBands(day: ConnectionDay): TurnDownBand[] {
  const bands: TurnDownBand[] = []
  const inForce = day.turnDowns
    .filter((t) => t.turnDownW > 0 && !void_.has(t.state))
    .toSorted((a, b) => Date.parse(a.from) - Date.parse(b.from))
  for (const { from, to, turnDownW } of inForce) {
    const last = bands.at(-1)
    if (last && last.to === Date.parse(from) && last.turnDownW === turnDownW) last.to = Date.parse(to)
    else bands.push({ from: Date.parse(from), to: Date.parse(to), turnDownW })
  }
  return bands
}
