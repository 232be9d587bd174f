import type { Instant } from '@js-joda/core'
import { and, asc, eq, getTableColumns, inArray, isNull, lte, type SQL } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import type { Database, Queryable } from '../../platform/db/index.ts'

type ColumnOf<T extends PgTable> = keyof T['$inferSelect'] & keyof T['_']['columns'] & string

/** What is leased, by the names of its columns. */
export interface RowLeaseOptions<T extends PgTable> {
  readonly table: T
  /** The key of a row, of one column. */
  readonly key: ColumnOf<T>
  /** When a row is due; of a leased row the end of its lease; `null` where nobody is to take it. */
  readonly due: ColumnOf<T>
  /** How long a lease lasts, s. Longer than the work can take: else two workers do it. */
  readonly leaseS: number
}

/** A row as it was read when it was claimed, and until when it is the claimant's. */
export interface Leased<Row> {
  readonly row: Row
  /** Also the token of the lease: it differs from claim to claim. */
  readonly until: Instant
}

/**
 * Work that is kept in rows and done by any number of workers, each row by one at a time. To claim a row moves the time when it is due to
 * the end of the lease: should the worker die, the row falls due again by itself. What a worker writes after its lease has passed to
 * another is dropped, as the other will write what came of the row.
 */
export interface RowLease<T extends PgTable> {
  /** Claims what is due, the earliest first; rows that another is claiming are passed over. @param open which rows are still to be done. */
  claimDue(db: Database, at: Instant, open: SQL | undefined, atOnce: number): Promise<Leased<T['$inferSelect']>[]>
  /**
   * Claims a row that was read before, unless it has been claimed or settled since. @param open which has to be so still.
   * @param change written with it, such as the state that says that it is being sent.
   */
  claim(
    tx: Queryable,
    at: Instant,
    seen: T['$inferSelect'],
    open?: SQL,
    change?: Partial<T['$inferSelect']>,
  ): Promise<Leased<T['$inferSelect']> | null>
  /** Prolongs a lease for work that takes longer; `null` when it has passed to another. */
  renew(tx: Queryable, at: Instant, leased: Leased<T['$inferSelect']>): Promise<Leased<T['$inferSelect']> | null>
  /**
   * Releases a row with what came of it; the change says when it is due again, else it stays leased to the end. Answers whether the lease
   * still held, for nothing is written when it did not.
   */
  release(tx: Queryable, leased: Leased<T['$inferSelect']>, change: Partial<T['$inferSelect']>): Promise<boolean>
}

/** A lease on the rows of a table. */
export function rowLease<T extends PgTable>({ table, key, due, leaseS }: RowLeaseOptions<T>): RowLease<T> {
  type Row = T['$inferSelect']
  const columns = getTableColumns(table) as Record<string, PgColumn>
  const [keyColumn, dueColumn] = [columns[key], columns[due]] as [PgColumn, PgColumn]
  const untyped = table as PgTable
  const dueOf = (row: Row) => row[due] as Instant | null

  /** Compares and sets: the row is changed only while it is due when it is said to be. */
  async function swap(tx: Queryable, row: Row, seen: Instant | null, open: SQL | undefined, change: Partial<Row>) {
    const isAsSeen = seen === null ? isNull(dueColumn) : eq(dueColumn, seen)
    const [changed] = await tx
      .update(untyped)
      .set(change as object)
      .where(and(eq(keyColumn, row[key]), isAsSeen, open))
      .returning()
    return (changed ?? null) as Row | null
  }

  const leaseAt = (at: Instant) => {
    const until = at.plusSeconds(leaseS)
    return { until, change: { [due]: until } as Partial<Row> }
  }

  return {
    async claimDue(db, at, open, atOnce) {
      const { until, change } = leaseAt(at)
      return db.transaction(async (tx) => {
        const rows = (await tx
          .select()
          .from(untyped)
          .where(and(open, lte(dueColumn, at)))
          .orderBy(asc(dueColumn), asc(keyColumn))
          .limit(atOnce)
          .for('update', { skipLocked: true })) as Row[]
        const keys = rows.map((row) => row[key])
        if (keys.length > 0)
          await tx
            .update(untyped)
            .set(change as object)
            .where(inArray(keyColumn, keys))
        return rows.map((row) => ({ row, until }))
      })
    },

    async claim(tx, at, seen, open, more) {
      const { until, change } = leaseAt(at)
      const row = await swap(tx, seen, dueOf(seen), open, { ...more, ...change })
      return row && { row, until }
    },

    async renew(tx, at, leased) {
      const { until, change } = leaseAt(at)
      const row = await swap(tx, leased.row, leased.until, undefined, change)
      return row && { row: leased.row, until }
    },

    async release(tx, leased, change) {
      return (await swap(tx, leased.row, leased.until, undefined, change)) !== null
    },
  }
}
