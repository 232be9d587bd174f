import { type Instant, LocalDate, ZoneOffset } from '@js-joda/core'
import { type Database, makePartitions, type PartitionedTable } from '../../../platform/db/index.ts'
import { codeOf } from '../../../platform/errors/index.ts'

/** Raw measurements: a partition a day. */
export const measurementTable: PartitionedTable = { table: 'measurement', grain: 'day' }

/** Import per connection and minute: a partition a month. */
export const importTable: PartitionedTable = { table: 'connection_import', grain: 'month' }

/** Half-hours of connections and of nodes: a partition a month. */
export const connectionHalfHours: PartitionedTable = { table: 'connection_half_hour', grain: 'month' }
/** Half-hours of customers' monitors that are compared with a hub: a partition a month. */
export const monitorHalfHours: PartitionedTable = { table: 'monitor_half_hour', grain: 'month' }
export const nodeHalfHours: PartitionedTable = { table: 'node_half_hour', grain: 'month' }

/** Partitions are created this many days ahead, so that telemetry survives a job that fails for a day or two. */
const daysAhead = 3

/** The UTC day of an instant, which decides its partition. */
export function utcDay(at: Instant): LocalDate {
  return LocalDate.ofInstant(at, ZoneOffset.UTC)
}

/** Creates the partitions that are needed from now on. */
export async function preparePartitions(db: Database, at: Instant): Promise<void> {
  const today = utcDay(at)
  const days = Array.from({ length: daysAhead + 2 }, (_, n) => today.plusDays(n - 1))
  for (const target of [measurementTable, importTable, connectionHalfHours, monitorHalfHours, nodeHalfHours])
    await makePartitions(db, target, days)
}

/** Days known to have a partition, per pool, so that each batch need not ask again. */
const known = new WeakMap<Database, Set<string>>()

/** Creates the partitions of some days, unless they are known to exist. Call it before the transaction that stores into them. */
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

/** Errors for a row without a partition: PostgreSQL's `check_violation`, and the `internal_error` by which Citus passes on the same. */
const noPartition: ReadonlySet<string> = new Set(['23514', 'XX000'])

/** Runs work that stores into the partitions of some days. Creates them first, also when somebody else has dropped a known one. */
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
    if (!noPartition.has(codeOf(error) ?? '')) throw error
    known.delete(db)
    await requirePartitions(db, target, days)
    return work()
  }
}
