import type { Instant } from '@js-joda/core'
import { and, asc, eq, getTableColumns, inArray, isNull, lte, or, type SQL } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import type { Database, Queryable } from '../db/index.ts'

type ColumnOf<T extends PgTable> = keyof T['$inferSelect'] & keyof T['_']['columns'] & string

/** A leased table, described by its column names. */
export interface RowLeaseOptions<T extends PgTable> {
  readonly table: T
  /** The primary key, a single column. */
  readonly key: ColumnOf<T>
  /** When a row is due; for a leased row, the end of its lease; `null` if nobody should claim it. */
  readonly due: ColumnOf<T>
  /** How long a lease lasts, s. Must be longer than the work can take, otherwise two workers do it. */
  readonly leaseS: number
}

/** Columns to write: values, or SQL over what the row holds. */
type Change<Row> = { [Column in keyof Row]?: Row[Column] | SQL }

/** A row as it was read when it was claimed, and until when the claimant holds it. */
export interface Leased<Row> {
  readonly row: Row
  /** Also the lease's token: it differs for each claim. */
  readonly until: Instant
}

/**
 * Work that is kept in rows and done by any number of workers, each row by one at a time. Claiming a row moves its due time to
 * the end of the lease: if the worker dies, the row falls due again by itself. What a worker writes after its lease has passed to
 * another is dropped, because the other will write the row's result.
 */
export interface RowLease<T extends PgTable> {
  /** Claims due rows, earliest first; skips rows that another worker is claiming. @param open selects the rows still to be done. */
  claimDue(db: Database, at: Instant, open: SQL | undefined, atOnce: number): Promise<Leased<T['$inferSelect']>[]>
  /**
   * Claims a row that was read before, unless it has been claimed or settled since. @param open condition that must still hold.
   * @param change written with the claim, such as a state that shows that the row is being sent.
   */
  claim(
    tx: Queryable,
    at: Instant,
    seen: T['$inferSelect'],
    open?: SQL,
    change?: Change<T['$inferSelect']>,
  ): Promise<Leased<T['$inferSelect']> | null>
  /** Claims several rows as `claim` does, in one statement. Returns those claimed, in no order. */
  claimAll(
    tx: Queryable,
    at: Instant,
    seen: readonly T['$inferSelect'][],
    open?: SQL,
    change?: Change<T['$inferSelect']>,
  ): Promise<Leased<T['$inferSelect']>[]>
  /** Extends a lease for work that takes longer; `null` if it has passed to another worker. */
  renew(tx: Queryable, at: Instant, leased: Leased<T['$inferSelect']>): Promise<Leased<T['$inferSelect']> | null>
  /**
   * Releases a row with its result; the change states when it is due again, otherwise it stays leased to the end. Returns whether the
   * lease still held; if not, nothing is written.
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
  const isSame = (row: Row, seen: Instant | null) => and(eq(keyColumn, row[key]), isAsSeen(dueColumn, seen))
  const writeIfHeld = async (tx: Queryable, { row, until }: Leased<Row>, change: Partial<Row>) =>
    (await changeAll(tx, untyped, isSame(row, until), change)).length > 0
  const leaseAt = (at: Instant) => {
    const until = at.plusSeconds(leaseS)
    return { until, change: { [due]: until } as Partial<Row> }
  }
  const claimAll: RowLease<T>['claimAll'] = async (tx, at, seen, open, more) => {
    if (seen.length === 0) return []
    const { until, change } = leaseAt(at)
    const any = or(...seen.map((row) => isSame(row, dueOf(row))))
    const rows = (await changeAll(tx, untyped, and(any, open), { ...more, ...change })) as Row[]
    return rows.map((row) => ({ row, until }))
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
      return (await claimAll(tx, at, [seen], open, more))[0] ?? null
    },

    claimAll,

    async renew(tx, at, leased) {
      const { until, change } = leaseAt(at)
      return (await writeIfHeld(tx, leased, change)) ? { row: leased.row, until } : null
    },

    async release(tx, leased, change) {
      return writeIfHeld(tx, leased, change)
    },
  }
}

/** The condition that nobody has claimed or settled a row since it was read. */
function isAsSeen(due: PgColumn, seen: Instant | null): SQL {
  return seen === null ? isNull(due) : eq(due, seen)
}

async function changeAll(tx: Queryable, table: PgTable, where: SQL | undefined, change: object): Promise<unknown[]> {
  return tx.update(table).set(change).where(where).returning()
}
