import type { Rehearsal, Scenario } from '../../../../schemas/dispatch/rehearsals.ts'
import { kw } from '../../../shared/format/power.ts'
import { dayInWords } from '../../../shared/format/time.ts'

/** When each scenario has its need, local time. */
export const scenarioWords: Record<Scenario, string> = {
  afternoon: 'Afternoon, 13:00 to 16:00',
  evening: 'Evening, 16:00 to 20:00',
  overnight: 'Overnight, 00:00 to 05:00 and 23:00 to 24:00',
}

/** What a rehearsal asked for: `60.0 kW of turn-down`, or all that there is. */
export function askedInWords({ needW, direction }: Pick<Rehearsal, 'needW' | 'direction'>): string {
  const way = direction === 'turn-up' ? 'turn-up' : 'turn-down'
  return needW === null ? `Every FU at full capacity, ${way}` : `${kw(needW)} of ${way}`
}

/** A rehearsal in a heading: `Evening of Thu 15 Jan 2026`. */
export function rehearsalTitle({ scenario, tradingDay }: Pick<Rehearsal, 'scenario' | 'tradingDay'>): string {
  const [when = ''] = scenarioWords[scenario].split(',')
  return `${when} of ${dayInWords(tradingDay)}`
}
