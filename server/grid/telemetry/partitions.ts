import { type Instant, LocalDate, ZoneOffset } from '@js-joda/core'
import { type Database, makePartitions, type PartitionedTable } from '../../../platform/db/index.ts'

/** Raw measurements: a partition a day. */
export const measurementTable: PartitionedTable = { table: 'measurement', grain: 'day' }

/** Import per connection and minute: a partition a month. */
export const importTable: PartitionedTable = { table: 'connection_import', grain: 'month' }

/** Partitions are made so many days ahead, so that a job that fails for a day or two is not noticed by telemetry. */
const daysAhead = 3

/** The UTC day of an instant: what partitions go by. */
export function utcDay(at: Instant): LocalDate {
  return LocalDate.ofInstant(at, ZoneOffset.UTC)
}

/** Makes the partitions that will be wanted from now on. */
export async function preparePartitions(db: Database, at: Instant): Promise<void> {
  const today = utcDay(at)
  const days = Array.from({ length: daysAhead + 2 }, (_, n) => today.plusDays(n - 1))
  await makePartitions(db, measurementTable, days)
  await makePartitions(db, importTable, days)
}

/** Days known to have a partition, per pool: what is known is not asked again with each batch. */
const known = new WeakMap<Database, Set<string>>()

/** Makes the partitions of some days unless they are known to be there. To be called before the transaction that stores into them. */
export async function requirePartitions(
  db: Database,
  target: PartitionedTable,
  days: Iterable<LocalDate>,
): Promise<void> {
  const here = known.get(db) ?? new Set()
  known.set(db, here)
  const keyOf = (day: LocalDate) => `${target.table} ${day}`
  const missing = [...days].filter((day) => !here.has(keyOf(day)))
  if (missing.length === 0) return
  await makePartitions(db, target, missing)
  for (const day of missing) here.add(keyOf(day))
}
