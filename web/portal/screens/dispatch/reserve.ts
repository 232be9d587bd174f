import type { NoReserveReason, ReserveSituation } from '../../../../schemas/dispatch/reserve.ts'
import { kw } from '../../../shared/format/power.ts'
import { timeOfDay } from '../../../shared/format/time.ts'

type Period = { from: string; turnDownW: number }

export const noReserveWords: Record<NoReserveReason, string> = {
  'not-contracted': 'No contract now',
  'other-direction': 'Other direction',
  stopped: 'Stopped',
  'out-of-service': 'Out of service',
  'fsp-unreachable': 'FSP not reachable',
  'falls-short': 'Under-delivers itself',
  'too-little-notice': 'Too little notice',
  'not-available': 'Nothing available',
  'already-asked': 'Already fully used',
  'site-limit': 'Import limit',
  'run-limits': 'Its limits',
}

/** Quarter-hours in a few words: `up to 18.0 kW, 18:00 to 19:00`. */
export function periodsInWords(periods: readonly Period[]): string {
  const [first, last] = [periods[0], periods.at(-1)]
  if (!first || !last) return 'nothing'
  const [most, least] = [mostW(periods), Math.min(...periods.map(({ turnDownW }) => turnDownW))]
  const end = new Date(Date.parse(last.from) + 900_000).toISOString()
  return `${most === least ? '' : 'up to '}${kw(most)}, ${timeOfDay(first.from)} to ${timeOfDay(end)}`
}

/** What is missing ahead, in the words of `periodsInWords`. */
export function missingInWords({ missing }: Pick<ReserveSituation, 'missing'>): string {
  const periods = missing.map(({ from, missingW }) => ({ from, turnDownW: missingW }))
  return periodsInWords(periods.filter(({ turnDownW }) => turnDownW > 0))
}

function mostW(periods: readonly Period[]): number {
  return Math.max(...periods.map(({ turnDownW }) => turnDownW))
}
