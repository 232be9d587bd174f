import { type Instant, LocalDate } from '@js-joda/core'
import { and, eq, gt, inArray, isNull, or, sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { covers, type DaySpan } from './rules.ts'
import { mpanAuthority } from './tables.ts'

/** On which days the FSPs of some FUs hold authority over the MPANs behind them. */
export class AuthorisedDays {
  readonly #spans: ReadonlyMap<string, readonly DaySpan[]>

  constructor(spans: ReadonlyMap<string, readonly DaySpan[]>) {
    this.#spans = spans
  }

  /** Spans of an FU's authority, in order; none without any. */
  of(fuId: string): readonly DaySpan[] {
    return this.#spans.get(fuId) ?? []
  }

  on(fuId: string, day: LocalDate): boolean {
    return this.of(fuId).some((span) => covers(span, day))
  }

  at(fuId: string, at: Instant): boolean {
    return this.on(fuId, tradingDayOf(at))
  }
}

/** Up to this many FUs it is quicker to look at each than at all. */
const mostOneByOne = 500

/**
 * On which days the FSPs of some FUs hold authority over every MPAN of the FU's DERs and, for a whole site, over every MPAN of its
 * connection. Everything that reads, meters or sends something of an FU asks here, or joins the view `unit_authority` (SEC03).
 */
export async function authorisedDays(tx: Queryable, fuIds: readonly string[]): Promise<AuthorisedDays> {
  if (fuIds.length === 0) return new AuthorisedDays(new Map())
  const asked = sql`select value::uuid as fu_id from json_array_elements_text(${JSON.stringify(fuIds)}::text::json)`
  // PostgreSQL works out a joined view for every FU there is; a subquery for each FU that is asked for reads its rows alone.
  const found =
    fuIds.length > mostOneByOne
      ? sql`select fu_id, days from unit_authority where fu_id in (${asked})`
      : sql`select fu_id, (select days from unit_authority a where a.fu_id = f.fu_id) as days from (${asked}) f`
  const rows = await tx.execute<{ fu_id: string; from: string; until: string | null }>(sql`
    select fu_id, lower(span)::text as from, upper(span)::text as until
    from (${found}) found, unnest(days) span
    order by fu_id, span`)
  const spans = new Map<string, DaySpan[]>()
  for (const { fu_id, from, until } of rows) {
    const own = spans.get(fu_id) ?? []
    own.push({ from: LocalDate.parse(from), until: until === null ? null : LocalDate.parse(until) })
    spans.set(fu_id, own)
  }
  return new AuthorisedDays(spans)
}

/** FUs that lack authority on some day of a span, both days included: usually none, or few. */
export async function unitsWithoutAuthority(tx: Queryable, first: LocalDate, last: LocalDate): Promise<string[]> {
  const rows = await tx.execute<{ fu_id: string }>(sql`
    select u.fu_id from flexible_unit u left join unit_authority a on a.fu_id = u.fu_id
    where not coalesce(a.days @> daterange(${first.toString()}::date, ${last.toString()}::date, '[]'), false)`)
  return rows.map((row) => row.fu_id)
}

/** Of some MPANs, those over which an FSP has no authority on a day or later. */
export async function mpansWithoutAuthority(
  tx: Queryable,
  fspId: string,
  mpans: readonly string[],
  day: LocalDate,
): Promise<string[]> {
  const isNotOver = or(isNull(mpanAuthority.validUntil), gt(mpanAuthority.validUntil, day))
  const isOwn = and(eq(mpanAuthority.fspId, fspId), eq(mpanAuthority.status, 'approved'), isNotOver)
  const rows = await tx
    .select({ mpan: mpanAuthority.mpan })
    .from(mpanAuthority)
    .where(and(isOwn, inArray(mpanAuthority.mpan, [...mpans])))
  const held = new Set(rows.map((row) => row.mpan))
  return mpans.filter((mpan) => !held.has(mpan))
}
