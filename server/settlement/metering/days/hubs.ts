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
      const stored = await tx.execute<{ ms: number }>(sql`
        with ${fresh(metering, fuId)}
        insert into meter_reading (fu_id, period_start, minutes, source, revision, energy_wh, quality, meter_id, received_at)
        select fu_id, at, 30, 'hub', revision, energy_wh, quality, 'hub', ${clock.now().toString()}::timestamptz from fresh
        returning (extract(epoch from period_start) * 1000)::float8 as ms`)
      const times = stored.map(({ ms }) => ms).sort((a, b) => a - b)
      const dayOf = (ms: number) => tradingDayOf(Instant.ofEpochMilli(ms))
      const [first, last] = [times[0], times.at(-1)]
      if (first !== undefined && last !== undefined) await refreshMeteredDays(tx, [fuId], dayOf(first), dayOf(last))
    })
  if (units.length > 0) context.announce('settlement')
}

const zone = settlementZone.id()

/**
 * What is read of other nodes on a cluster stands in expressions of its own (docs/scale-out.md). Half-hours of whole sites, or of one of them, that differ from the last stored. Overlaps by an hour to include roll-ups then in progress.
 */
function fresh({ minHubCompleteness }: MeteringSettings, fuId: string | null) {
  return sql`
    whole as materialized (
      select u.fu_id, u.connection_id, u.fsp_id from flexible_unit u
      where u.is_whole_site and exists (select 1 from hub_feeder f where f.connection_id = u.connection_id)
        and (${fuId}::uuid is null or u.fu_id = ${fuId}::uuid)
    ), taken as materialized (
      select fu_id, max(received_at) as at from meter_reading where source = 'hub' and fu_id in (select fu_id from whole) group by 1
    ), site as materialized (
      select u.fu_id, u.connection_id, a.days - coalesce(others.days, '{}') as days,
        -- An authority decided on since then may go back further.
        case when t.at > (select coalesce(max(greatest(m.decided_at, m.ended_at)), '-infinity') from mpan_authority m where m.fsp_id = u.fsp_id)
          then t.at - interval '1 hour' else '-infinity' end as since
      from whole u join unit_authority a on a.fu_id = u.fu_id left join taken t on t.fu_id = u.fu_id
        left join lateral (
          select range_agg(o.days) as days from (
            select oa.days from flexible_unit f join unit_authority oa on oa.fu_id = f.fu_id
            where f.connection_id = u.connection_id and f.fu_id <> u.fu_id
            union all
            select m.days from unit_member m where m.is_spread and m.connection_id = u.connection_id
          ) o
        ) others on true
    ), found as materialized (
      select s.fu_id, h.at, round(h.energy_wh::numeric, 3)::float8 as energy_wh,
        case h.quality when 'derived' then 'derived' else 'measured' end as quality
      from site s join connection_half_hour h on h.connection_id = s.connection_id and h.rolled_at >= s.since
      where h.source = 'measured' and h.direction_known and h.quality in ('good', 'derived') and h.completeness >= ${minHubCompleteness}
        and s.days @> (h.at at time zone ${zone})::date
    ), latest as materialized (
      select distinct on (r.fu_id, r.period_start) r.fu_id, r.period_start, r.revision, r.energy_wh, r.quality
      from found f join meter_reading r on r.fu_id = f.fu_id and r.period_start = f.at
      where r.minutes = 30 and r.source = 'hub'
      order by r.fu_id, r.period_start, r.revision desc
    ), fresh as (
      select f.fu_id, f.at, f.energy_wh, f.quality, coalesce(latest.revision, 0) + 1 as revision
      from found f left join latest on latest.fu_id = f.fu_id and latest.period_start = f.at
      where (latest.energy_wh, latest.quality) is distinct from (f.energy_wh, f.quality)
    )`
}
