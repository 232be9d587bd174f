import type { Timetable } from '../../../schemas/dispatch/timetables.ts'
import type { ProductTimetable } from './rules.ts'

/** A timetable as the API shows it. */
export function viewTimetable({ product, version, changedAt, changedBy, ...settings }: ProductTimetable): Timetable {
  return { product, version, settings, changedAt: changedAt?.toString() ?? null, changedBy }
}
