import type { z } from 'zod'
import type { Fsp, UnitConstraints } from '../../../../schemas/market/parties.ts'
import type { offerRejection, offerResult, Tender } from '../../../../schemas/market/tenders.ts'
import type { TenderWindow } from '../../../../schemas/market/windows.ts'
import { Money } from '../../../../schemas/vocabulary/money.ts'
import { type Weekday, weekday as weekdays } from '../../../../schemas/vocabulary/units.ts'
import { kw, percent } from '../../../shared/format/power.ts'
import { duration } from '../../../shared/format/time.ts'
import type { Wording } from '../../../shared/format/words.ts'

export const tenderStateWords: Record<Tender['state'], Wording> = {
  draft: { word: 'Draft', tone: 'normal', shape: 'ring' },
  open: { word: 'Open', tone: 'normal', shape: 'arrow' },
  evaluated: { word: 'Evaluated, awaiting award', tone: 'normal', shape: 'diamond' },
  awarded: { word: 'Awarded', tone: 'quiet', shape: 'tick' },
  withdrawn: { word: 'Withdrawn', tone: 'quiet', shape: 'bar' },
}

export const fspStatusWords: Record<Fsp['status'], Wording> = {
  applied: { word: 'Applied, awaiting decision', tone: 'normal', shape: 'diamond' },
  accepted: { word: 'Accepted', tone: 'normal', shape: 'tick' },
  rejected: { word: 'Rejected', tone: 'quiet', shape: 'cross' },
}

export const outcomeWords: Record<z.infer<typeof offerResult>['outcome'], Wording> = {
  pending: { word: 'Not evaluated', tone: 'quiet', shape: 'ring' },
  selected: { word: 'Selected', tone: 'normal', shape: 'tick' },
  rejected: { word: 'Rejected', tone: 'quiet', shape: 'cross' },
}

export const rejectionWords: Record<z.infer<typeof offerRejection>, string> = {
  'outside-zone': 'Outside the zone',
  'price-not-attractive': 'Above a ceiling price',
  'not-needed': 'Others met the need at lower cost',
  'already-contracted': 'Already contracted at that time',
  'serves-others': 'Serves another buyer at that time',
  'not-reliable': 'Has delivered none of its instructions',
}

/** Days of the week, short. */
export const weekdayWords: Record<Weekday, string> = {
  monday: 'Mon',
  tuesday: 'Tue',
  wednesday: 'Wed',
  thursday: 'Thu',
  friday: 'Fri',
  saturday: 'Sat',
  sunday: 'Sun',
}

/** Days of the week as people say them: `Mon–Fri`, `every day`, `Sat, Sun`. */
export function weekdaysInWords(days: readonly Weekday[]): string {
  const order = weekdays.options.filter((day) => days.includes(day))
  if (order.length === 7) return 'every day'
  const [first, last] = [order[0], order.at(-1)]
  if (!first || !last) return 'never'
  const isRun = weekdays.options.indexOf(last) - weekdays.options.indexOf(first) === order.length - 1
  return isRun && order.length > 2
    ? `${weekdayWords[first]}–${weekdayWords[last]}`
    : order.map((day) => weekdayWords[day]).join(', ')
}

/** A window without its power: `Mon–Fri 16:00 to 20:00`. */
export function windowInWords({ weekdays: days, from, to }: Pick<TenderWindow, 'weekdays' | 'from' | 'to'>): string {
  return `${weekdaysInWords(days)} ${from} to ${to}`
}

/** What an FU's turn-downs keep to, as facts: only what binds. */
export function limitsInWords(limits: UnitConstraints | null): [label: string, words: string][] {
  if (!limits) return []
  const { minimumTurnDownW, minimumRunMinutes, maximumRunMinutes, noticeMinutes, rebound } = limits
  const facts: [boolean, string, string][] = [
    [minimumTurnDownW > 0, 'Minimum turn-down', kw(minimumTurnDownW)],
    [minimumRunMinutes > 15, 'Minimum run', minutes(minimumRunMinutes)],
    [maximumRunMinutes < 1_500, 'Maximum run', minutes(maximumRunMinutes)],
    [noticeMinutes > 0, 'Notice', minutes(noticeMinutes)],
    [limits.activationsPerDay < 100, 'Runs per day', String(limits.activationsPerDay)],
    [limits.activationsPerContract !== null, 'Runs per contract', String(limits.activationsPerContract)],
  ]
  const bound = facts.filter(([binds]) => binds).map(([, label, words]): [string, string] => [label, words])
  if (!rebound || rebound.share === 0) return bound
  const { share, delayMinutes, overMinutes } = rebound
  const returning = `${percent(share, 0)} after ${minutes(delayMinutes)}, over ${minutes(overMinutes)}`
  return [...bound, ['Energy that returns', returning]]
}

const minutes = (n: number) => duration(n * 60_000)

/** £ an hour, in pence: `£12.30`. */
export function perHour(costGbpPerHour: string): string {
  return new Money(costGbpPerHour).toFixed(2)
}
