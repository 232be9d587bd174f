import type { ComplianceDay } from '../../../schemas/grid/compliance.ts'
import type { ComplianceState } from '../../../schemas/grid/connections.ts'
import { count, percent } from '../format/power.ts'
import { addDays, duration } from '../format/time.ts'
import { complianceWords } from '../format/words.ts'

/** All days of a span; those without an answer as days that were not monitored. */
export function everyDay(days: readonly ComplianceDay[], from: string, to: string): ComplianceDay[] {
  const known = new Map(days.map((day) => [day.tradingDay, day]))
  const all: ComplianceDay[] = []
  for (let day = from; day <= to; day = addDays(day, 1))
    all.push(known.get(day) ?? { tradingDay: day, compliantS: 0, atRiskS: 0, breachS: 0, unknownS: 0 })
  return all
}

export interface DayPart {
  state: ComplianceState
  /** Of the time watched, 0 to 1. */
  share: number
  words: string
}

/** A day's states from the worst up; those that it was never in are left out. */
export function dayParts({ breachS, atRiskS, unknownS, compliantS }: ComplianceDay): DayPart[] {
  const all = breachS + atRiskS + unknownS + compliantS
  const seconds: [ComplianceState, number][] = [
    ['breach', breachS],
    ['at-risk', atRiskS],
    ['unknown', unknownS],
    ['compliant', compliantS],
  ]
  return seconds
    .filter(([, s]) => s > 0)
    .map(([state, s]) => ({
      state,
      share: s / all,
      words: `${complianceWords[state].word.toLowerCase()} ${percent(s / all)}`,
    }))
}

/** Days in one line: how much of the time monitored was within the limit, and what was not. */
export function daysInWords(days: readonly ComplianceDay[]): string {
  const sum = (of: (day: ComplianceDay) => number) => days.reduce((total, day) => total + of(day), 0)
  const [breachS, unknownS] = [sum((d) => d.breachS), sum((d) => d.unknownS)]
  const within = sum((d) => d.compliantS + d.atRiskS)
  const all = within + breachS + unknownS
  if (all === 0) return 'Not monitored in this period.'
  const overDays = days.filter((day) => day.breachS > 0).length
  const over = breachS === 0 ? 'never over it' : `over it for ${duration(breachS * 1_000)} on ${count(overDays, 'day')}`
  const unknown = unknownS === 0 ? '' : `; not known for ${duration(unknownS * 1_000)}`
  return `Within the limit for ${percent(within / all)} of the time monitored, ${over}${unknown}.`
}
