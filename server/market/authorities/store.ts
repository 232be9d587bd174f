import type { LocalDate } from '@js-joda/core'
import { and, desc, eq, gt, isNull, lte, or, type SQL, sql } from 'drizzle-orm'
import { idList, type Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { Authority, AuthorityState } from '../../../schemas/market/authorities.ts'
import type { Page } from '../../../schemas/vocabulary/paging.ts'
import { afterCursor, type PageQuery, pageFrom } from '../../kit/index.ts'
import type { HeldSpan } from './rules.ts'
import { type AuthorityRow, mpanAuthority } from './tables.ts'
import { type SeenByDno, viewAuthority } from './views.ts'

/** Filters of a list, all optional. */
interface AuthorityFilter {
  fspId?: string | null | undefined
  mpan?: string | undefined
  state?: AuthorityState | undefined
  applicationId?: string | undefined
}

/** Who reads: an FSP, which sees nothing of the network or of others, or the DNO. */
interface Reader {
  isDno: boolean
  today: LocalDate
}

/** A page of authorities and applications, newest first. */
export async function pageOfAuthorities(
  tx: Queryable,
  filter: AuthorityFilter,
  query: PageQuery,
  reader: Reader,
): Promise<Page<Authority>> {
  const { appliedAt, authorityId, fspId, mpan } = mpanAuthority
  const sorted = [appliedAt, authorityId]
  const conditions = [
    filter.fspId ? eq(fspId, filter.fspId) : undefined,
    filter.mpan ? eq(mpan, filter.mpan) : undefined,
    filter.applicationId ? eq(mpanAuthority.applicationId, filter.applicationId) : undefined,
    filter.state ? isIn(filter.state, reader.today) : undefined,
    afterCursor(query, sorted, 'desc'),
  ]
  const rows = await tx
    .select()
    .from(mpanAuthority)
    .where(and(...conditions))
    .orderBy(desc(appliedAt), desc(authorityId))
    .limit(query.limit + 1)
  const page = pageFrom(
    rows,
    query,
    (row) => [row.appliedAt.toString(), row.authorityId],
    (row) => row,
  )
  return { ...page, items: await viewsOf(tx, page.items, reader) }
}

function isIn(state: AuthorityState, today: LocalDate): SQL | undefined {
  const { status, validUntil } = mpanAuthority
  if (state === 'ended') return and(eq(status, 'approved'), lte(validUntil, today))
  if (state === 'approved') return and(eq(status, 'approved'), or(isNull(validUntil), gt(validUntil, today)))
  return eq(status, state)
}

/** Authorities as their reader sees them. */
export async function viewsOf(tx: Queryable, rows: readonly AuthorityRow[], reader: Reader): Promise<Authority[]> {
  const seen = reader.isDno ? await seenByDno(tx, rows) : new Map<string, SeenByDno>()
  return rows.map((row) => viewAuthority(row, reader.today, seen.get(row.authorityId) ?? null))
}

async function seenByDno(tx: Queryable, rows: readonly AuthorityRow[]): Promise<Map<string, SeenByDno>> {
  if (rows.length === 0) return new Map()
  const ids = idList(rows.map((row) => row.authorityId))
  const found = await tx.execute<{ id: string } & SeenByDno>(sql`
    select a.authority_id as id, f.company_name as "fspName",
      case when c.connection_id is not null then
        json_build_object('connectionId', c.connection_id, 'name', c.name, 'customer', c.customer) end as connection,
      case when a.status = 'applied' then (
        select coalesce(json_agg(json_build_object('authorityId', o.authority_id, 'fspId', o.fsp_id,
          'fspName', h.company_name, 'from', o.valid_from, 'until', o.valid_until) order by o.valid_from), '[]')
        from mpan_authority o join fsp h on h.fsp_id = o.fsp_id
        where o.mpan = a.mpan and o.status = 'approved'
          and daterange(o.valid_from, o.valid_until) && daterange(a.valid_from, a.valid_until)
      ) else '[]' end as clashes
    from mpan_authority a join fsp f on f.fsp_id = a.fsp_id
      left join connection_mpan m on m.mpan = a.mpan left join connection c on c.connection_id = m.connection_id
    where a.authority_id in ${ids}`)
  return new Map(found.map(({ id, ...seen }) => [id, seen]))
}

/** Locks an authority until the end of the transaction. Throws if there is none or, to an FSP, if it is another's (FM40). */
export async function lockAuthority(tx: Queryable, authorityId: string, fspId: string | null): Promise<AuthorityRow> {
  const own = fspId === null ? undefined : eq(mpanAuthority.fspId, fspId)
  const [row] = await tx
    .select()
    .from(mpanAuthority)
    .where(and(eq(mpanAuthority.authorityId, authorityId), own))
    .for('update')
  if (!row) throw new ProblemError('not-found', `There is no authority ${authorityId}.`)
  return row
}

/** Approved authorities over an MPAN, locked, in order. Two approvals for one MPAN wait for each other. */
export async function lockHeld(tx: Queryable, mpan: string): Promise<HeldSpan[]> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${mpan}, 15))`)
  const rows = await tx
    .select()
    .from(mpanAuthority)
    .where(and(eq(mpanAuthority.mpan, mpan), eq(mpanAuthority.status, 'approved')))
    .orderBy(mpanAuthority.validFrom)
    .for('update')
  const seen = await seenByDno(tx, rows)
  return rows.map(({ authorityId, validFrom: from, validUntil: until }) => ({
    authorityId,
    from,
    until,
    fspName: seen.get(authorityId)?.fspName ?? '',
  }))
}
