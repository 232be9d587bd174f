import type { Instant } from '@js-joda/core'
import { lt, sql } from 'drizzle-orm'
import { type Queryable, unfolded } from '../../../platform/db/index.ts'
import { hubContact } from './tables.ts'

/** When a hub last answered a poll, ISO 8601; `null` if never. */
export interface Heartbeat {
  hubId: string
  answeredAt: string | null
}

/**
 * Keeps the heartbeats of hubs with dead bands, and makes the half-hours due for a roll-up into which they extend values that were not
 * sent. An answer within the time-out of the one before it continues its span; a later one begins a new span.
 */
export async function noteHeartbeats(tx: Queryable, heartbeats: readonly Heartbeat[]): Promise<void> {
  const rows = heartbeats.flatMap(({ hubId, answeredAt }) => (answeredAt ? [{ h: hubId, a: answeredAt }] : []))
  if (rows.length === 0) return
  await tx.execute(sql`
    with heard as (
      select x.h, x.a, h.timeout_s * interval '1 s' as timeout, c.from_at, c.to_at
      from ${unfolded(rows, 'h uuid, a timestamptz')} join hub h on h.hub_id = x.h
      left join lateral (
        select from_at, to_at from hub_contact where hub_id = x.h order by from_at desc limit 1
      ) c on true
      where exists (select from hub_power p where p.hub_id = x.h and p.held) and (c.to_at is null or x.a > c.to_at)
    ), due as (
      insert into rollup_due (hub_id, period_start)
      select h, generate_series(date_bin('30 minutes', case when a <= to_at + timeout then to_at else a end, 'epoch'),
        a + timeout - interval '1 microsecond', interval '30 minutes')
      from heard order by 1, 2 on conflict do nothing
    )
    insert into hub_contact (hub_id, from_at, to_at)
    select h, case when a <= to_at + timeout then from_at else a end, a from heard order by 1
    on conflict (hub_id, from_at) do update set to_at = excluded.to_at`)
}

/** Deletes heartbeats that ended before an instant: those of measurements that are no longer kept. */
export async function forgetHeartbeats(db: Queryable, before: Instant): Promise<void> {
  await db.delete(hubContact).where(lt(hubContact.to, before))
}
