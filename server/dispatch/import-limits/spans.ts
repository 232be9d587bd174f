import { sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { type SpanFilter, type SpanRow, type UnitSpan, unitSpan } from '../instructions/index.ts'

/**
 * Spans in which a fail-safe limit held FUs, within a span: from the acceptance of a limit sent because of a breach, and from the end of a
 * standing limit that was not renewed, until the FSP accepted the next. A limit whose outcome is unknown counts from its issue.
 */
export async function limitedSpans(tx: Queryable, { fuIds, from, to }: SpanFilter): Promise<UnitSpan[]> {
  if (fuIds.length === 0) return []
  const [first, end] = [sql`${from.toString()}::timestamptz`, sql`${to.toString()}::timestamptz`]
  const isHeld = (row: string) => sql.raw(`(${row}.acknowledged_at is not null or ${row}.state in ('sent', 'unknown'))`)
  const rows = await tx.execute<SpanRow>(sql`
    with unit as (
      select distinct fu_id, connection_id, fsp_id from unit_member
      where fu_id = any(${sql.param(fuIds)}::uuid[]) and member_days && daterange(${tradingDayOf(from).toString()}::date, ${tradingDayOf(to).toString()}::date, '[]')
    ),
    site as (
      -- The limit in force as the span begins was issued before it.
      select s.connection_id, s.fsp_id, coalesce((
        select max(p.issued_at) from connection_limit p where p.connection_id = s.connection_id and p.fsp_id = s.fsp_id
          and p.issued_at <= ${first} and ${isHeld('p')}), ${first}) as since
      from (select distinct connection_id, fsp_id from unit) s
    ), held as (
      select l.connection_id, l.fsp_id, l.cause, l.fail_safe_w, l.valid_until, coalesce(l.acknowledged_at, l.issued_at) as began,
        lead(coalesce(l.acknowledged_at, l.issued_at)) over (partition by l.connection_id, l.fsp_id order by l.issued_at) as next
      from site s join connection_limit l on l.connection_id = s.connection_id and l.fsp_id = s.fsp_id
        and l.issued_at >= s.since and l.issued_at < ${end}
      where ${isHeld('l')}
    ), span as (
      select connection_id, fsp_id, greatest(case cause when 'breach' then began else valid_until end, ${first}) as from_at,
        least(coalesce(next, ${end}), ${end}) as to_at
      from held where cause <> 'release' and fail_safe_w is not null
    )
    select u.fu_id, s.from_at::text, s.to_at::text from span s join unit u using (connection_id, fsp_id)
    where s.from_at < s.to_at group by u.fu_id, s.from_at, s.to_at order by s.from_at, u.fu_id`)
  return rows.map(unitSpan)
}
