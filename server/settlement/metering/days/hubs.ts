import { Instant } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import type { MeteringSettings } from '../../../../schemas/settlement/metering.ts'
import { settlementZone, tradingDayOf } from '../../../../schemas/vocabulary/time.ts'
import type { ServerContext } from '../../../kit/index.ts'
import { settingsOf } from './settings.ts'
import { lockUnit, refreshMeteredDays } from './store.ts'

/**
 * Stores hub measurements as the meter data of FUs that are whole sites: declared as such, with a hub on the connection, on the days on
 * which the FSP holds authority and no other FU at the connection has it (SEC03).
 * Half-hours with untrusted or too few measurements are gaps. Roll-ups of late measurements add revisions, so earlier results can still be
 * read; unchanged roll-ups change nothing.
 */
export async function takeHubReadings(context: ServerContext): Promise<void> {
  const { db, clock } = context
  const metering = settingsOf(context)
  const units = await db.execute<{ fu_id: string }>(
    sql`with ${fresh(metering, null)} select distinct fu_id from fresh order by 1`,
  )
  for (const { fu_id: fuId } of units)
    await db.transaction(async (tx) => {
      await lockUnit(tx, fuId)
      const [span] = await tx.execute<{ first: string | null; last: string | null }>(sql`
        with ${fresh(metering, fuId)}, stored as (
          insert into meter_reading (fu_id, period_start, minutes, source, revision, energy_wh, quality, meter_id, received_at)
          select fu_id, at, 30, 'hub', revision, energy_wh, quality, 'hub', ${clock.now().toString()}::timestamptz from fresh
          returning period_start
        )
        select min(period_start)::text as first, max(period_start)::text as last from stored`)
      const dayOf = (text: string) => tradingDayOf(Instant.ofEpochMilli(Date.parse(text)))
      if (span?.first && span.last) await refreshMeteredDays(tx, [fuId], dayOf(span.first), dayOf(span.last))
    })
  if (units.length > 0) context.announce('settlement')
}

const zone = settlementZone.id()

/**
 * Half-hours of whole sites, or of one of them, that differ from the last stored. Overlaps by an hour to include roll-ups then in progress.
 */
function fresh({ minHubCompleteness }: MeteringSettings, fuId: string | null) {
  return sql`
    site as (
      select u.fu_id, u.connection_id, a.days - coalesce(others.days, '{}') as days, coalesce(
        (select max(r.received_at) - interval '1 hour' from meter_reading r where r.fu_id = u.fu_id and r.source = 'hub'
          -- An authority decided on since then may go back further.
          having max(r.received_at) > (select coalesce(max(greatest(m.decided_at, m.ended_at)), '-infinity') from mpan_authority m
            where m.fsp_id = u.fsp_id)),
        '-infinity') as since
      from flexible_unit u join unit_authority a on a.fu_id = u.fu_id
        left join lateral (
          select range_agg(o.days) as days from (
            select oa.days from flexible_unit f join unit_authority oa on oa.fu_id = f.fu_id
            where f.connection_id = u.connection_id and f.fu_id <> u.fu_id
            union all
            select m.days from unit_member m where m.is_spread and m.connection_id = u.connection_id
          ) o
        ) others on true
      where u.is_whole_site and exists (select 1 from hub_feeder f where f.connection_id = u.connection_id)
        and (${fuId}::uuid is null or u.fu_id = ${fuId}::uuid)
    ), found as (
      select s.fu_id, h.at, round(h.energy_wh::numeric, 3)::float8 as energy_wh,
        case h.quality when 'derived' then 'derived' else 'measured' end as quality
      from site s join connection_half_hour h on h.connection_id = s.connection_id and h.rolled_at >= s.since
      where h.direction_known and h.quality in ('good', 'derived') and h.completeness >= ${minHubCompleteness}
        and s.days @> (h.at at time zone ${zone})::date
    ), fresh as (
      select f.fu_id, f.at, f.energy_wh, f.quality, coalesce(latest.revision, 0) + 1 as revision
      from found f left join lateral (
        select revision, energy_wh, quality from meter_reading r
        where r.fu_id = f.fu_id and r.period_start = f.at and r.minutes = 30 and r.source = 'hub'
        order by revision desc limit 1
      ) latest on true
      where (latest.energy_wh, latest.quality) is distinct from (f.energy_wh, f.quality)
    )`
}
