import { LocalDate } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import { idArray, type Queryable } from '../../../platform/db/index.ts'

/** The DERs that count in an FU on a day: how many, and what they are rated for together, W. */
export type MembersOfDay = { ders: number; ratedW: number }

const none: MembersOfDay = { ders: 0, ratedW: 0 }

/**
 * The DERs that count in each FU on a day: members under their owners' consent and, in an FU over many connections, under authority over
 * their MPANs (the view `unit_member`). An FU without any is left out.
 */
export async function membersOn(
  tx: Queryable,
  fuIds: readonly string[],
  day: LocalDate,
): Promise<Map<string, MembersOfDay>> {
  if (fuIds.length === 0) return new Map()
  const rows = await tx.execute<{ fu_id: string } & MembersOfDay>(sql`
    select fu_id, count(*)::int as ders, sum(rated_w)::float8 as "ratedW"
    from unit_member where fu_id = any(${idArray(fuIds)}) and days @> ${day.toString()}::date group by fu_id`)
  return new Map(rows.map(({ fu_id, ders, ratedW }) => [fu_id, { ders, ratedW }]))
}

/** DERs of an FU that come and go together. */
interface Cohort extends MembersOfDay {
  from: LocalDate | null
  until: LocalDate | null
}

/** Which DERs count in some FUs on each day of a span. */
export class MembersByDay {
  readonly #cohorts: ReadonlyMap<string, readonly Cohort[]>

  constructor(cohorts: ReadonlyMap<string, readonly Cohort[]>) {
    this.#cohorts = cohorts
  }

  on(fuId: string, day: LocalDate): MembersOfDay {
    const present = (this.#cohorts.get(fuId) ?? []).filter(
      ({ from, until }) => (from === null || !day.isBefore(from)) && (until === null || day.isBefore(until)),
    )
    return present.reduce((sum, one) => ({ ders: sum.ders + one.ders, ratedW: sum.ratedW + one.ratedW }), none)
  }
}

/** What `membersOn` answers, for all days from one to another, in one query. */
export async function membersBetween(
  tx: Queryable,
  fuIds: readonly string[],
  first: LocalDate,
  last: LocalDate,
): Promise<MembersByDay> {
  if (fuIds.length === 0) return new MembersByDay(new Map())
  const rows = await tx.execute<{ fu_id: string; from: string | null; until: string | null } & MembersOfDay>(sql`
    select fu_id, lower(span)::text as from, upper(span)::text as until, count(*)::int as ders, sum(rated_w)::float8 as "ratedW"
    from unit_member, unnest(days) span
    where fu_id = any(${idArray(fuIds)}) and span && daterange(${first.toString()}::date, ${last.toString()}::date, '[]')
    group by fu_id, span`)
  const dayOf = (text: string | null) => (text === null ? null : LocalDate.parse(text))
  const cohorts = rows.map((row) => ({ ...row, from: dayOf(row.from), until: dayOf(row.until) }))
  return new MembersByDay(Map.groupBy(cohorts, (row) => row.fu_id))
}

/** Days from one to another, both included. */
export interface DaySpan {
  first: LocalDate
  last: LocalDate
}

/** A DER that counts in an FU on some day of a span. */
export interface Member {
  fuId: string
  derId: string
  ratedW: number
  canExport: boolean
}

/** The DERs that count in each FU on at least one day of a span: those that have left before it do not. */
export async function membersDuring(
  tx: Queryable,
  fuIds: readonly string[],
  { first, last }: DaySpan,
): Promise<Member[]> {
  if (fuIds.length === 0) return []
  const rows = await tx.execute<{ fu_id: string } & Omit<Member, 'fuId'>>(sql`
    select m.fu_id, m.der_id as "derId", max(m.rated_w)::float8 as "ratedW",
      bool_or(d.kind in ('battery', 'generation')) as "canExport"
    from unit_member m join der d using (der_id)
    where m.fu_id = any(${idArray(fuIds)}) and m.days && daterange(${first.toString()}::date, ${last.toString()}::date, '[]')
    group by m.fu_id, m.der_id`)
  return rows.map(({ fu_id: fuId, ...member }) => ({ fuId, ...member }))
}

/** The identifiers of the DERs that count in each FU on a day and whether one can export, beside what `membersOn` answers. */
export async function derIdsOn(
  tx: Queryable,
  fuIds: readonly string[],
  day: LocalDate,
): Promise<Map<string, { derIds: string[]; ratedW: number; canExport: boolean }>> {
  const rows = await tx.execute<{ fu_id: string; derIds: string[]; ratedW: number; canExport: boolean }>(sql`
    select fu_id, array_agg(m.der_id order by m.der_id) as "derIds", sum(m.rated_w)::float8 as "ratedW",
      bool_or(d.kind in ('battery', 'generation')) as "canExport"
    from unit_member m join der d using (der_id) where fu_id = any(${idArray(fuIds)}) and days @> ${day.toString()}::date group by fu_id`)
  return new Map(rows.map(({ fu_id, ...members }) => [fu_id, members]))
}

/** The FSPs that may act at some connections on a day: those with a DER there that counts, in an FU that they have authority for. */
export async function fspsAtConnections(
  tx: Queryable,
  day: LocalDate,
  connectionIds: readonly string[],
): Promise<Map<string, string[]>> {
  if (connectionIds.length === 0) return new Map()
  const rows = await tx.execute<{ connection_id: string; fsps: string[] }>(sql`
    select connection_id, array_agg(distinct fsp_id) as fsps
    from (
      select distinct m.connection_id, m.fsp_id, m.fu_id from unit_member m
      where m.connection_id = any(${idArray(connectionIds)}) and m.days @> ${day.toString()}::date
    ) present
    where (select a.days from unit_authority a where a.fu_id = present.fu_id) @> ${day.toString()}::date
    group by connection_id`)
  return new Map(rows.map((row) => [row.connection_id, row.fsps]))
}
