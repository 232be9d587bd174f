import type { Instant, LocalDate } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import type { FlexibleUnit } from '../../../schemas/market/parties.ts'
import { leastTurnDownSettings } from '../../../schemas/settings/dispatch.ts'
import { dayEnd, dayStart, periodStarts } from '../../../schemas/vocabulary/time.ts'
import { resolutionMinutes } from '../../../schemas/vocabulary/units.ts'
import { figuresAt } from '../../kit/index.ts'
import { issuedTo, leastOf, limitFlaws } from '../constraints/index.ts'
import { type ScheduleValues, valueAt } from './rules/values.ts'

/** What the limits of an FU are checked by. */
type Limited = Pick<FlexibleUnit, 'fuId' | 'limits' | 'maxTurnDownW' | 'maxTurnUpW'>

/** A limit of the FU that a schedule breaks, at its period. */
export interface BrokenLimit {
  field: string
  message: string
}

/**
 * The limits of an FU that a schedule of a day breaks together with everything issued to the FU on that day and those beside it: what is
 * past is what was issued, what is ahead is what the schedule asks for, or what was issued where it asks for nothing.
 */
export async function limitsBroken(
  tx: Queryable,
  at: Instant,
  unit: FlexibleUnit,
  day: LocalDate,
  schedule: ScheduleValues,
): Promise<BrokenLimit[]> {
  return (await limitsOn(tx, at, [unit], day))(unit, schedule)
}

/** Reads what was issued to FUs on a day and those beside it, to check any number of schedules of that day by it (`limitsBroken`). */
export async function limitsOn(
  tx: Queryable,
  at: Instant,
  units: readonly FlexibleUnit[],
  day: LocalDate,
): Promise<(unit: Limited, schedule: ScheduleValues) => BrokenLimit[]> {
  const [yesterday, tomorrow] = [day.minusDays(1), day.plusDays(1)]
  const starts = [yesterday, day, tomorrow].flatMap((each) => periodStarts(each, 'PT15M'))
  const limited = units.filter(({ limits }) => limits !== null).map(({ fuId }) => fuId)
  const issuedOf = await issuedTo(tx, limited, dayStart(yesterday), dayEnd(tomorrow))
  const figures = await figuresAt(tx, leastTurnDownSettings, at)
  const from = periodStarts(yesterday, 'PT15M').length
  const end = from + periodStarts(day, 'PT15M').length
  return (unit, schedule) => {
    const { fuId, limits } = unit
    if (!limits) return []
    const totalW = starts.map((start, t) => {
      const issuedW = issuedOf.get(fuId)?.get(start.toEpochMilli())?.turnDownW ?? 0
      if (t < from || t >= end || start.isBefore(at)) return issuedW
      return valueAt(schedule, start) ?? issuedW
    })
    const perValue = resolutionMinutes[schedule.resolution] / 15
    return limitFlaws(limits, totalW, { from, end }, leastOf(limits, unit, figures)).flatMap(({ period, message }) =>
      starts[period]?.isBefore(at) ? [] : [{ field: `values[${Math.floor((period - from) / perValue)}]`, message }],
    )
  }
}

/** What a person reads when a schedule is refused. */
export function brokenText(fuName: string, [first, ...others]: readonly BrokenLimit[]): string {
  const more = others.length > 0 ? `, and ${others.length} more` : ''
  return `The schedule breaks the limits of ${fuName}: ${first?.field} ${first?.message}${more}.`
}
