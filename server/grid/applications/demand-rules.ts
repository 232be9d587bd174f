import { type CsvTable, RowReader } from '../../../platform/csv/index.ts'
import { halfHourStarts, type LimitStep, type ProfileLimits } from '../../../schemas/grid/profiles.ts'
import type { ImportFlaw } from '../../../schemas/vocabulary/file-import.ts'
import { halfHours, stepsOf, vectorOf } from '../headroom/index.ts'

/**
 * Columns of a demand schedule file, one row per half-hour. `season` is empty for all year, otherwise `name MM-DD MM-DD`; `dayType` is
 * weekday, weekend, or the date of an exception.
 */
export const demandColumns = ['season', 'dayType', 'from', 'limitW'] as const

type DemandRow = [season: string, dayType: string, from: string, limitW: number]

/** A demand schedule as the rows of its file. */
export function demandRows(limits: ProfileLimits): DemandRow[] {
  const part = (season: string, dayType: string, steps: readonly LimitStep[]): DemandRow[] =>
    vectorOf(steps).map((limitW, n) => [season, dayType, halfHourStarts[n] ?? '', limitW])
  return [
    ...part('', 'weekday', limits.weekday),
    ...part('', 'weekend', limits.weekend),
    ...(limits.seasons ?? []).flatMap((s) => {
      const name = `${s.name} ${s.from} ${s.to}`
      return [...part(name, 'weekday', s.weekday), ...part(name, 'weekend', s.weekend)]
    }),
    ...(limits.exceptions ?? []).flatMap((e) => part('', e.day, e.steps)),
  ]
}

/** A demand schedule read from a file, or what is wrong with its rows. */
export type DemandReading = { ok: true; limits: ProfileLimits } | { ok: false; flaws: ImportFlaw[] }

interface Group {
  season: string
  dayType: string
  line: number
  values: Map<string, number>
}

/** Reads a demand schedule: every season and day type needs exactly its 48 half-hours. */
export function readDemand(table: CsvTable): DemandReading {
  const flaws: ImportFlaw[] = [...table.flaws]
  if (flaws.some(({ line }) => line === 1)) return { ok: false, flaws }
  const groups = new Map<string, Group>()
  for (const { line, cells } of table.rows) flaws.push(...takeRow(groups, line, cells))
  for (const group of groups.values()) flaws.push(...gapsOf(group))
  for (const dayType of ['weekday', 'weekend'])
    if (!groups.has(`|${dayType}`))
      flaws.push({ line: 1, field: 'dayType', message: `no ${dayType} limits for all year` })
  if (flaws.length > 0) return { ok: false, flaws: flaws.sort((a, b) => a.line - b.line) }
  return { ok: true, limits: limitsOf([...groups.values()]) }
}

function takeRow(groups: Map<string, Group>, line: number, cells: Record<string, string>): ImportFlaw[] {
  const [season = '', dayType = '', from = ''] = [cells['season'], cells['dayType'], cells['from']]
  const flaws: ImportFlaw[] = []
  const flaw = (field: string, message: string) => flaws.push({ line, field, message })
  if (season !== '' && !/^.+ \d\d-\d\d \d\d-\d\d$/.test(season))
    flaw('season', `"${season}" must be empty, or a name with its first and last day: Winter 11-01 03-31`)
  if (!/^(weekday|weekend|\d{4}-\d\d-\d\d)$/.test(dayType))
    flaw('dayType', `"${dayType}" is not weekday, weekend or a date such as 2026-12-25`)
  else if (season !== '' && /^\d/.test(dayType)) flaw('season', 'must be empty for a single day')
  if (!halfHourStarts.includes(from)) flaw('from', `"${from}" is not the start of a half-hour such as 16:30`)
  const row = new RowReader({ line, cells })
  const limitW = row.requiredNumber('limitW')
  if (limitW < 0 || limitW > 1e9) row.flaw('limitW', 'is not a limit of 0 to 1,000,000,000 W')
  flaws.push(...row.flaws)
  if (flaws.length > 0) return flaws
  const key = `${season}|${dayType}`
  const group = groups.get(key) ?? { season, dayType, line, values: new Map() }
  groups.set(key, group)
  if (group.values.has(from)) flaw('from', `${from} appears twice for ${nameOf(group)}`)
  group.values.set(from, limitW)
  return flaws
}

function nameOf({ season, dayType }: Group): string {
  return season === '' ? dayType : `${dayType} in ${season}`
}

function gapsOf(group: Group): ImportFlaw[] {
  const missing = halfHourStarts.filter((start) => !group.values.has(start))
  if (missing.length === 0) return []
  const list =
    missing.length > 6 ? `${missing.slice(0, 6).join(', ')} and ${missing.length - 6} more` : missing.join(', ')
  const message = `${nameOf(group)} has ${halfHours - missing.length} of its ${halfHours} half-hours: ${list} missing`
  return [{ line: group.line, field: 'from', message }]
}

function limitsOf(groups: readonly Group[]): ProfileLimits {
  const steps = (season: string, dayType: string): LimitStep[] => {
    const group = groups.find((g) => g.season === season && g.dayType === dayType)
    return group ? stepsOf(halfHourStarts.map((start) => group.values.get(start) ?? 0)) : []
  }
  const seasons = [...new Set(groups.map((g) => g.season))].filter((s) => s !== '')
  const days = groups.map((g) => g.dayType).filter((d) => /^\d/.test(d))
  return {
    weekday: steps('', 'weekday'),
    weekend: steps('', 'weekend'),
    ...(seasons.length > 0 && {
      seasons: seasons.map((season) => ({
        name: season.slice(0, -12),
        from: season.slice(-11, -6),
        to: season.slice(-5),
        weekday: steps(season, 'weekday'),
        weekend: steps(season, 'weekend'),
      })),
    }),
    ...(days.length > 0 && { exceptions: days.map((day) => ({ day, steps: steps('', day) })) }),
  }
}
