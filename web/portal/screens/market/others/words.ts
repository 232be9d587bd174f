import type { ServiceToOthers } from '../../../../../schemas/market/services-to-others.ts'
import { dayAndTime, dayOf, timeOfDay } from '../../../../shared/format/time.ts'
import type { Wording } from '../../../../shared/format/words.ts'

type Service = Pick<ServiceToOthers, 'from' | 'to' | 'endedAt' | 'conflicts'>

/** How a service stands at a time, ms. One that runs into a contract and is not over needs somebody. */
export function serviceState({ from, to, endedAt, conflicts }: Service, now: number): Wording & { urgency: number } {
  if (Date.parse(to) <= Date.parse(from)) return { word: 'Never in force', tone: 'quiet', shape: 'bar', urgency: 4 }
  if (Date.parse(to) <= now) {
    const word = endedAt === null ? 'Over' : 'Ended early'
    return { word, tone: 'quiet', shape: 'tick', urgency: 3 }
  }
  if (conflicts.length > 0) return { word: 'Meets a contract', tone: 'risk', shape: 'diamond', urgency: 0 }
  return Date.parse(from) <= now
    ? { word: 'In force', tone: 'normal', shape: 'dot', urgency: 1 }
    : { word: 'Ahead', tone: 'normal', shape: 'ring', urgency: 2 }
}

/** When a service is given: `15 Dec 17:00 to 18:00`. */
export function spanInWords({ from, to }: Pick<ServiceToOthers, 'from' | 'to'>): string {
  const end = dayOf(from) === dayOf(to) ? timeOfDay(to) : dayAndTime(to)
  return `${dayAndTime(from)} to ${end}`
}
