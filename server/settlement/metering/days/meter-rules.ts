import type { LocalDate } from '@js-joda/core'
import { brokenField, type Refusal } from '../../../../schemas/vocabulary/outcome.ts'

/** Days from `fromDay` to the day before `untilDay`; `null` for no end. */
export interface MeterDays {
  fromDay: LocalDate
  untilDay: LocalDate | null
}

/**
 * Why the days of a meter cannot be stated so; `null` if they can.
 * @param found its days before; `null` for a meter that is new.
 * @param today for an FSP, which states nothing about the past; `null` for the DNO.
 */
export function meterRefusal(found: MeterDays | null, next: MeterDays, today: LocalDate | null): Refusal | null {
  if (next.untilDay?.isBefore(next.fromDay)) return brokenField('until', 'is before from')
  if (today === null) return null
  const ask = `is in the past: state ${today} or later, or ask the DNO`
  const isSameStart = found?.fromDay.equals(next.fromDay) ?? false
  if (!isSameStart && (next.fromDay.isBefore(today) || found?.fromDay.isBefore(today))) return brokenField('from', ask)
  const isPast = (day: LocalDate | null | undefined) => day?.isBefore(today) ?? false
  const isSameEnd = String(found?.untilDay ?? null) === String(next.untilDay)
  if (!isSameEnd && (isPast(next.untilDay) || isPast(found?.untilDay))) return brokenField('until', ask)
  return null
}
