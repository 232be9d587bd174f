import type { Instant, LocalDate } from '@js-joda/core'
import { and, desc, eq, gt, inArray, sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { dynamicLimit, dynamicTerms } from './tables.ts'

export type DynamicTermsRow = typeof dynamicTerms.$inferSelect
export type DynamicLimitRow = typeof dynamicLimit.$inferSelect

/** The terms of one connection, locked if they are to be changed or planned by; `null` if it never had any. */
export async function dynamicTermsOf(
  tx: Queryable,
  connectionId: string,
  { lock = false } = {},
): Promise<DynamicTermsRow | null> {
  const query = tx.select().from(dynamicTerms).where(eq(dynamicTerms.connectionId, connectionId))
  const [row] = await (lock ? query.for('update') : query)
  return row ?? null
}

/** Terms that are switched on, in order of connection; locked so that one issue comes after the other. */
export async function dynamicTermsOn(tx: Queryable, { lock = false } = {}): Promise<DynamicTermsRow[]> {
  const query = tx.select().from(dynamicTerms).where(eq(dynamicTerms.isOn, true)).orderBy(dynamicTerms.connectionId)
  return lock ? query.for('update') : query
}

/** Stores terms if they still have the revision that they were read with; `false` if somebody was quicker. */
export async function saveDynamicTerms(tx: Queryable, row: DynamicTermsRow): Promise<boolean> {
  const before = row.revision - 1
  const saved =
    before === 0
      ? await tx.insert(dynamicTerms).values(row).onConflictDoNothing().returning()
      : await tx
          .update(dynamicTerms)
          .set(row)
          .where(and(eq(dynamicTerms.connectionId, row.connectionId), eq(dynamicTerms.revision, before)))
          .returning()
  return saved.length > 0
}

/** The latest issue of each connection for a day, withdrawn ones too. @param connectionIds only of these. */
export async function latestIssues(
  tx: Queryable,
  day: LocalDate,
  connectionIds?: readonly string[],
): Promise<Map<string, DynamicLimitRow>> {
  const rows = await tx
    .selectDistinctOn([dynamicLimit.connectionId])
    .from(dynamicLimit)
    .where(
      and(
        eq(dynamicLimit.day, day),
        connectionIds ? inArray(dynamicLimit.connectionId, [...connectionIds]) : undefined,
      ),
    )
    .orderBy(dynamicLimit.connectionId, desc(dynamicLimit.version))
  return new Map(rows.map((row) => [row.connectionId, row]))
}

/** Stores an issue for a day, as the next version of each connection. */
export async function saveIssues(tx: Queryable, rows: readonly Omit<DynamicLimitRow, 'version'>[]): Promise<void> {
  const [first] = rows
  if (!first) return
  const before = await latestIssues(
    tx,
    first.day,
    rows.map((row) => row.connectionId),
  )
  const versioned = rows.map((row) => ({ ...row, version: (before.get(row.connectionId)?.version ?? 0) + 1 }))
  await tx.insert(dynamicLimit).values(versioned)
}

/** Withdraws what was issued to a connection for the days after a day. */
export async function withdrawIssuesAfter(
  tx: Queryable,
  connectionId: string,
  day: LocalDate,
  { at, by }: { at: Instant; by: string },
): Promise<void> {
  const rows = await tx
    .selectDistinctOn([dynamicLimit.day])
    .from(dynamicLimit)
    .where(and(eq(dynamicLimit.connectionId, connectionId), gt(dynamicLimit.day, day)))
    .orderBy(dynamicLimit.day, desc(dynamicLimit.version))
  const standing = rows.filter((row) => row.periods.length > 0)
  if (standing.length === 0) return
  await tx
    .insert(dynamicLimit)
    .values(standing.map((row) => ({ ...row, version: row.version + 1, issuedAt: at, issuedBy: by, periods: [] })))
}

/** A dynamic limit and the span for which it holds. */
export interface DynamicSpan {
  fromMs: number
  toMs: number
  limitW: number
}

/** The dynamic limits of connections within a span, in order of time; periods without one are missing. */
export async function dynamicSpans(
  tx: Queryable,
  connectionIds: readonly string[],
  from: Instant,
  to: Instant,
): Promise<Map<string, DynamicSpan[]>> {
  if (connectionIds.length === 0) return new Map()
  const rows = await tx.execute<{ connection_id: string; f: number; t: number; limit_w: number }>(sql`
    select d.connection_id, (extract(epoch from p."from") * 1000)::float8 as f, (extract(epoch from p."to") * 1000)::float8 as t,
      p."limitW" as limit_w
    from (
      select distinct on (connection_id, day) connection_id, periods from dynamic_limit
      where connection_id = any(${sql.param([...connectionIds])}::uuid[])
        and day between ${tradingDayOf(from).toString()}::date and ${tradingDayOf(to).toString()}::date
      order by connection_id, day, version desc
    ) d, jsonb_to_recordset(d.periods) as p("from" timestamptz, "to" timestamptz, "limitW" float8)
    where p."limitW" is not null and p."from" < ${to.toString()}::timestamptz and p."to" > ${from.toString()}::timestamptz
    order by p."from"`)
  const found = new Map<string, DynamicSpan[]>()
  for (const { connection_id, f, t, limit_w } of rows) {
    const own = found.get(connection_id) ?? []
    found.set(connection_id, own)
    own.push({ fromMs: f, toMs: t, limitW: limit_w })
  }
  return found
}

/** The dynamic limit among spans at an instant, W; `null` if there is none. */
export function dynamicAt(spans: readonly DynamicSpan[] | undefined, atMs: number): number | null {
  return spans?.find((span) => span.fromMs <= atMs && atMs < span.toMs)?.limitW ?? null
}
