import { LocalDate, LocalDateTime, LocalTime } from '@js-joda/core'
import { randomOf } from '../../fsp/simulator/common/random.ts'
import { settlementZone } from '../../schemas/vocabulary/time.ts'
import { type Fault, type FaultKind, faultKinds, type Place, placesOf } from './faults.ts'

/** What a seed stands for: a day, and what goes wrong in it. */
export interface SeedPlan {
  readonly seed: number
  readonly day: LocalDate
  /** How many servers the DNO has on one database. */
  readonly servers: 1 | 2
  readonly faults: readonly Fault[]
}

/** The days that a seed may draw: of both seasons, at a weekend, at both clock changes. */
export const drawnDays = ['2026-01-15', '2026-02-07', '2026-03-29', '2026-07-15', '2026-10-25', '2026-12-16'].map(
  (text) => LocalDate.parse(text),
)

/** Local times between which a day is played, minute by minute; from one span to the next the world jumps. */
const spans: readonly { readonly dayBefore?: true; readonly from: string; readonly minutes: number }[] = [
  // Product B is issued for the whole of the next day.
  { dayBefore: true, from: '19:59', minutes: 5 },
  // Product C is issued two hours ahead.
  { from: '14:59', minutes: 5 },
  // Product A is issued each quarter-hour, half an hour ahead, for 17:00 to 18:00.
  { from: '16:29', minutes: 5 },
  { from: '16:44', minutes: 5 },
  { from: '16:59', minutes: 5 },
  { from: '17:14', minutes: 5 },
  // What was delivered goes into the books each quarter-hour, and is uploaded a minute after each half-hour.
  { from: '17:29', minutes: 3 },
  { from: '17:44', minutes: 2 },
  { from: '17:59', minutes: 3 },
  { from: '18:29', minutes: 6 },
]

/** The minutes of a day that are played, in order, as epoch ms of their ends; each is a step, after which the invariants are checked. */
export function stepsOf(day: LocalDate): number[] {
  return spans.flatMap(({ dayBefore, from, minutes }) => {
    const start = LocalDateTime.of(dayBefore ? day.minusDays(1) : day, LocalTime.parse(from))
    const startMs = start.atZone(settlementZone).toInstant().toEpochMilli()
    return Array.from({ length: minutes }, (_, i) => startMs + (i + 1) * 60_000)
  })
}

/** Steps at the end in which nothing goes wrong, so that what was interrupted is made good. */
const quietSteps = 5

/** How long what lasts lasts, minutes: usually shorter than the time there is to make it good in, and now and then longer. */
const durations = [1, 1, 2, 2, 3, 40]

/** How many faults a day has at most. */
const mostFaults = 10

/** What a seed stands for: the same on every machine. */
export function planOf(seed: number): SeedPlan {
  const random = randomOf(seed, 'plan')
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T
  const upTo = (most: number) => Math.floor(random() * (most + 1))
  const day = pick(drawnDays)
  const last = stepsOf(day).length - quietSteps
  const faults = Array.from({ length: 1 + upTo(mostFaults - 1) }, (): Fault => {
    const kind: FaultKind = pick(faultKinds)
    const place: Place = pick(placesOf(kind).filter((each) => each !== 'dno-2'))
    return {
      kind,
      place,
      step: upTo(last - 1),
      nth: 1 + upTo(3),
      minutes: pick(durations),
      messages: 1 + upTo(120),
      isAfter: random() < 0.5,
    }
  })
  // Drawn apart, so that a day of two servers is that of one with a second beside it.
  const twins = randomOf(seed, 'servers')
  const servers = twins() < 0.5 ? 1 : 2
  const befallen = faults.map((fault) => {
    const isOther = servers === 2 && fault.place === 'dno' && placesOf(fault.kind).includes('dno-2') && twins() < 0.5
    return isOther ? { ...fault, place: 'dno-2' as const } : fault
  })
  return { seed, day, servers, faults: befallen.sort((a, b) => a.step - b.step) }
}
