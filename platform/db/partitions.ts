import { LocalDate } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import type { Database } from './database.ts'

/** A table partitioned by UTC time: by day for large tables, by month for small ones. */
export interface PartitionedTable {
  table: string
  grain: 'day' | 'month'
}

interface Partition {
  name: string
  from: LocalDate
  to: LocalDate
}

/** The partition that a UTC day belongs to: `measurement_20260115`, `connection_import_202601`. */
function partitionOf({ table, grain }: PartitionedTable, day: LocalDate): Partition {
  const digits = day.toString().replaceAll('-', '')
  if (grain === 'day') return { name: `${table}_${digits}`, from: day, to: day.plusDays(1) }
  const from = day.withDayOfMonth(1)
  return { name: `${table}_${digits.slice(0, 6)}`, from, to: from.plusMonths(1) }
}

/** The advisory lock under which partitions are created and dropped one at a time. */
const partitionLock = 7_411_203

/**
 * Creates missing partitions for the given UTC days. A partition is created on its own and then attached, which does not block readers
 * and writers of the table. The tables belong to the owner, so functions of its (`make_partition`, `drop_partition`) do it, and only that.
 */
export async function makePartitions(
  db: Database,
  target: PartitionedTable,
  days: Iterable<LocalDate>,
): Promise<number> {
  const wanted = new Map([...days].map((day) => partitionOf(target, day)).map((p) => [p.name, p]))
  return db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${partitionLock})`)
    const present = await partitionNames(tx, target)
    const missing = [...wanted.values()].filter((p) => !present.has(p.name))
    for (const { name, from, to } of missing) {
      await tx.execute(
        sql`select make_partition(${target.table}::regclass, ${name}, ${`${from}Z`}::timestamptz, ${`${to}Z`}::timestamptz)`,
      )
    }
    return missing.length
  })
}

/** Drops the partitions that end on or before a UTC day: this deletes a file instead of single rows. */
export async function dropPartitions(db: Database, target: PartitionedTable, before: LocalDate): Promise<number> {
  const names = await partitionNames(db, target)
  const old = [...names].filter((name) => !partitionOf(target, dayOf(target, name)).to.isAfter(before))
  for (const name of old) await db.execute(sql`select drop_partition(${target.table}::regclass, ${name})`)
  return old.length
}

function dayOf({ table }: PartitionedTable, name: string): LocalDate {
  const digits = name.slice(table.length + 1).padEnd(8, '01')
  return LocalDate.of(Number(digits.slice(0, 4)), Number(digits.slice(4, 6)), Number(digits.slice(6, 8)))
}

async function partitionNames(db: Pick<Database, 'execute'>, { table }: PartitionedTable): Promise<Set<string>> {
  const rows = await db.execute<{ name: string }>(sql`
    select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = ${table}::regclass`)
  return new Set(rows.map((row) => row.name))
}
