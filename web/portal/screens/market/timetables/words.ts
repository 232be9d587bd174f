import type { Contract } from '../../../../../schemas/market/contracts.ts'
import type { GateSettings } from '../../../../../schemas/market/gates.ts'
import type { SubmissionKind } from '../../../../../schemas/market/submissions.ts'
import { dailyWindows, type Timetable, type TimetableSettings } from '../../../../../schemas/market/timetables.ts'

export const kindWords: Record<SubmissionKind, string> = {
  baseline: 'Baseline',
  cost: 'Cost',
  deviation: 'Deviation',
  availability: 'Availability',
}

/** What a timetable is for. */
export function reachInWords({ zoneNodeId, contractId }: Timetable, contracts: readonly Contract[]): string {
  if (zoneNodeId !== null) return `At and below ${zoneNodeId}`
  if (contractId === null) return 'The whole product'
  const contract = contracts.find((one) => one.contractId === contractId)
  return contract ? `Contract of ${contract.fuName} from ${contract.validFrom}` : `Contract ${contractId}`
}

/** When instructions go out, and for what. */
export function rhythmInWords(rhythm: TimetableSettings['rhythm']): string {
  if (rhythm.kind === 'single-window')
    return `every ${rhythm.periodMinutes} min, ${rhythm.aheadMinutes} min ahead of the window`
  return dailyWindows(rhythm)
    .map(({ at, daysAhead, from, to }) => `${at} for ${from} to ${to}${aheadInWords(daysAhead)}`)
    .join('; ')
}

function aheadInWords(days: number): string {
  if (days === 0) return ''
  return days === 1 ? ' the next day' : ` ${days} days later`
}

/** Until when a kind of schedule is accepted. */
export function gateInWords(gate: GateSettings): string {
  if ('minutesBeforeDispatch' in gate) return `${gate.minutesBeforeDispatch} min before it is sent`
  if (gate.daysBefore === 0) return `${gate.at} on the day`
  return gate.daysBefore === 1 ? `${gate.at} the day before` : `${gate.at} ${gate.daysBefore} days before`
}

/** All gates in one line; those that agree are said together. */
export function gatesInWords(gates: TimetableSettings['gates']): string {
  const kinds = Object.keys(kindWords) as SubmissionKind[]
  return [...Map.groupBy(kinds, (kind) => gateInWords(gates[kind]))]
    .map(([words, own]) => `${own.map((kind) => kindWords[kind].toLowerCase()).join(', ')}: ${words}`)
    .join('; ')
}
