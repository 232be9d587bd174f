import { type Instant, LocalDate, ZoneOffset } from '@js-joda/core'
import { type Database, makePartitions, type PartitionedTable } from '../../../platform/db/index.ts'
import { codeOf } from '../../../platform/errors/index.ts'

/** Raw measurements: a partition a day. */
export const measurementTable: PartitionedTable = { table: 'measurement', grain: 'day' }

/** Import per connection and minute: a partition a month. */
export const importTable: PartitionedTable = { table: 'connection_import', grain: 'month' }

/** Half-hours of connections and of nodes: a partition a month. */
export const connectionHalfHours: PartitionedTable = { table: 'connection_half_hour', grain: 'month' }
export const nodeHalfHours: PartitionedTable = { table: 'node_half_hour', grain: 'month' }

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
  for (const target of [measurementTable, importTable, connectionHalfHours, nodeHalfHours])
    await makePartitions(db, target, days)
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

/** `check_violation`: what PostgreSQL calls a row for which there is no partition. */
const noPartition = '23514'

/** Does work that stores into partitions of some days, which are made first, also when another hand has dropped what was known. */
export async function withPartitions<T>(
  db: Database,
  target: PartitionedTable,
  days: readonly LocalDate[],
  work: () => Promise<T>,
): Promise<T> {
  await requirePartitions(db, target, days)
  try {
    return await work()
  } catch (error) {
    if (codeOf(error) !== noPartition) throw error
    known.delete(db)
    await requirePartitions(db, target, days)
    return work()
  }
}
