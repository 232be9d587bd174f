import type { Instant, LocalDate } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import type { FlexibleUnit } from '../../../schemas/market/parties.ts'
import { leastTurnDownSettings } from '../../../schemas/settings/dispatch.ts'
import { dayEnd, dayStart, periodStarts } from '../../../schemas/vocabulary/time.ts'
import { type Product, resolutionMinutes } from '../../../schemas/vocabulary/units.ts'
import { figuresAt } from '../../kit/index.ts'
import { timetablesInForce } from '../../market/index.ts'
import { issuedTo, leastOf, limitFlaws } from '../constraints/index.ts'
import { type ScheduleValues, valueAt } from './rules/values.ts'

/** What the limits of an FU are checked by. */
type Limited = Pick<FlexibleUnit, 'fuId' | 'limits' | 'maxTurnDownW' | 'maxTurnUpW'>

/** A schedule that is checked by the limits of its FU. */
interface Judged {
  schedule: ScheduleValues
  /** Whether it is or becomes the live one for a product. */
  isLive: (product: Product) => boolean
}

/** A limit of the FU that a schedule breaks, at its period. */
export interface BrokenLimit {
  field: string
  message: string
}

/**
 * The limits of an FU that a schedule of a day breaks together with everything issued to the FU on that day and those beside it: what is
 * past is what was issued, what is ahead is what the schedule asks for, or what was issued where it asks for nothing. A live schedule that
 * asks for nothing ends what was issued window by window. A run that has begun may not end before its least length.
 */
export async function limitsBroken(
  tx: Queryable,
  at: Instant,
  unit: FlexibleUnit,
  day: LocalDate,
  given: Judged,
): Promise<BrokenLimit[]> {
  return (await limitsOn(tx, at, [unit], day))(unit, given)
}

/** Reads what was issued to FUs on a day and those beside it, to check any number of schedules of that day by it (`limitsBroken`). */
export async function limitsOn(
  tx: Queryable,
  at: Instant,
  units: readonly FlexibleUnit[],
  day: LocalDate,
): Promise<(unit: Limited, given: Judged) => BrokenLimit[]> {
  const [yesterday, tomorrow] = [day.minusDays(1), day.plusDays(1)]
  const starts = [yesterday, day, tomorrow].flatMap((each) => periodStarts(each, 'PT15M'))
  const limited = units.filter(({ limits }) => limits !== null).map(({ fuId }) => fuId)
  const issuedOf = await issuedTo(tx, limited, dayStart(yesterday), dayEnd(tomorrow))
  const figures = await figuresAt(tx, leastTurnDownSettings, at)
  const isEnded = await endedWithout(tx, at)
  const from = periodStarts(yesterday, 'PT15M').length
  const end = from + periodStarts(day, 'PT15M').length
  return (unit, { schedule, isLive }) => {
    const { fuId, limits } = unit
    if (!limits) return []
    const totalW = starts.map((start, t) => {
      const found = issuedOf.get(fuId)?.get(start.toEpochMilli())
      const issuedW = found?.turnDownW ?? 0
      if (t < from || t >= end || start.isBefore(at)) return issuedW
      return valueAt(schedule, start) ?? (found && isLive(found.product) && isEnded(found.product) ? 0 : issuedW)
    })
    const flaws = limitFlaws(limits, totalW, { from, end }, leastOf(limits, unit, figures))
    return flaws.flatMap(inWordsOf({ starts, at, from, end, perValue: resolutionMinutes[schedule.resolution] / 15 }))
  }
}

/** Where a flaw stands in a schedule. What is past is no flaw of it, unless it cuts a run short that is under way. */
function inWordsOf({ starts, at, from, end, perValue }: Frame) {
  const fieldOf = (period: number) => `values[${Math.floor((Math.min(period, end - 1) - from) / perValue)}]`
  return ({ period, message, short }: ReturnType<typeof limitFlaws>[number]): BrokenLimit[] => {
    if (!starts[period]?.isBefore(at)) return [{ field: fieldOf(period), message }]
    if (!short || starts[short.end]?.isBefore(at)) return []
    const [lastsMinutes, leastMinutes] = [(short.end - short.from) * 15, (short.least - short.from) * 15]
    const ends = `ends the run that began at ${starts[short.from]} after ${lastsMinutes} min; the FU must run for at least ${leastMinutes} min`
    return [{ field: fieldOf(short.end), message: `${ends}, so it could end at ${starts[short.least]}` }]
  }
}

/** The quarter-hours that are looked at, and those of the day among them. */
interface Frame {
  starts: readonly Instant[]
  at: Instant
  from: number
  end: number
  /** Quarter-hours of a value of the schedule. */
  perValue: number
}

/** Of which products what was issued ends where the live schedule asks for nothing: those that are issued window by window. */
async function endedWithout(tx: Queryable, at: Instant): Promise<(product: Product) => boolean> {
  const timetables = await timetablesInForce(tx, at)
  return (product) => timetables.get(product)?.some(({ rhythm }) => rhythm.kind === 'single-window') ?? false
}

/** What a person reads when a schedule is refused. */
export function brokenText(fuName: string, [first, ...others]: readonly BrokenLimit[]): string {
  const more = others.length > 0 ? `, and ${others.length} more` : ''
  return `The schedule breaks the limits of ${fuName}: ${first?.field} ${first?.message}${more}.`
}
