import type { Assessment, ProfileVersion } from '../../../../schemas/grid/profiles.ts'
import { power } from '../../../shared/format/power.ts'

export const sourceWords: Record<ProfileVersion['source'], string> = {
  portal: 'portal',
  csv: 'uploaded file',
  'site-planning': 'site planning',
  customer: 'customer',
  system: 'system',
}

export const backgroundWords: Record<Assessment['nodes'][number]['background'], string> = {
  history: 'measured history',
  'highest-demand': 'highest known demand',
  'history-and-highest-demand': 'the higher of measured history and highest known demand',
  'nodes-below': 'nodes below',
  unknown: 'not known',
}

type Cell = Assessment['cells'][number]

/** The seasons of ratings. */
export const seasonWords: Record<Cell['season'], string> = { winter: 'winter', summer: 'summer' }

const cellDaysWords: Record<`${Cell['season']} ${Cell['dayType']}`, string> = {
  'winter weekday': 'winter weekdays',
  'winter weekend': 'winter weekends',
  'summer weekday': 'summer weekdays',
  'summer weekend': 'summer weekends',
}

/** The days that a cell stands for: `winter weekdays`, `summer weekends`, a single day. */
export function cellInWords({ season, dayType, day, profileSeason }: Cell): string {
  if (day) return day
  const days = cellDaysWords[`${season} ${dayType}`]
  return profileSeason ? `${profileSeason}: ${days}` : days
}

/** What binds in a cell, in a line. */
export function cellResult({ periods }: Cell): string {
  const over = periods.filter((period) => period.excessW > 0)
  if (over.length === 0) return 'Fits at every half-hour.'
  const worst = over.reduce((a, b) => (b.excessW > a.excessW ? b : a))
  return `Does not fit in ${over.length} of ${periods.length} half-hours; worst at ${worst.from}, ${power(worst.excessW)} too much.`
}

/** Facts that an assessment lacks, one line for each node: `Almeida St: load in winter and summer`. */
export function missingInWords(missing: Assessment['missing']): string[] {
  return [...Map.groupBy(missing, (lack) => lack.nodeId).values()].map((ofNode) => {
    const parts = [...Map.groupBy(ofNode, (lack) => lack.what)].map(
      ([what, lacks]) => `${what} in ${lacks.map((lack) => lack.season).join(' and ')}`,
    )
    return `${ofNode[0]?.name}: ${parts.join(', ')}`
  })
}
