import { sql } from 'drizzle-orm'
import type { Database } from '../../platform/db/index.ts'
import { giveAuthorityToAll } from './authority.ts'

/** The size of the market to settle. */
export interface SettlementScale {
  units: number
  fsps: number
  /** First day with meter data: early enough for ten comparable days of either kind before the month. */
  historyFrom: string
  /** First and last day of the month. */
  first: string
  last: string
}

/** The weekday evening peak. The weekdays include New Year's Day, which is settled by earlier weekend days. */
const windows = JSON.stringify([
  {
    weekdays: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'],
    from: '17:00',
    to: '19:00',
    requiredW: 40_000,
  },
])

const terms = JSON.stringify({
  baselineMethod: 'mid-8-in-10',
  inDayAdjustment: true,
  scheduleAccuracy: false,
  missingMeterData: 'unpaid',
  scheme: { name: 'grace-and-multiplier', graceRatio: 0.95, slope: 3, floorRatio: 0.63 },
  referenceWPerDer: null,
})

/**
 * Fills a database with FSPs, units under contract, their terms, quarter-hourly readings in whole Wh, the metered days derived from them,
 * and a two-hour event for every unit on every fourth day. A few statements suffice: the benchmark does not measure how the data got there.
 */
export async function fillMarket(db: Database, scale: SettlementScale): Promise<void> {
  const { units, fsps, first, last } = scale
  // Settlement does not use tenders and offers, so the contracts exist without them.
  await db.transaction(async (tx) => {
    await tx.execute(sql`set local session_replication_role = replica`)
    await tx.execute(sql`
      insert into fsp (fsp_id, company_name, contact_name, contact_email, status, applied_at, control_base_url,
        control_token_endpoint, control_client_id, sealed_control_secret)
      select md5('fsp' || n)::uuid, 'FSP ' || n, 'x', 'x@example.org', 'accepted', ${first}::date, 'x', 'x', 'x', 'x'
      from generate_series(0, ${fsps - 1}::int) n`)
    await tx.execute(sql`
      insert into flexible_unit (fu_id, fsp_id, name, connection_id, node_id, max_turn_down_w)
      select md5('fu' || n)::uuid, md5('fsp' || n % ${fsps}::int)::uuid, 'FU ' || lpad(n::text, 5, '0'),
        md5('connection' || n)::uuid, 'sec', 50000
      from generate_series(0, ${units - 1}::int) n`)
    await tx.execute(sql`
      insert into contract (contract_id, tender_id, offer_id, fsp_id, fu_id, product, turn_down_w,
        availability_gbp_per_mw_h, utilisation_gbp_per_mwh, valid_from, valid_to, windows, baseline_method, awarded_at, awarded_by)
      select md5('contract' || n)::uuid, md5('tender')::uuid, md5('offer' || n)::uuid, md5('fsp' || n % ${fsps}::int)::uuid,
        md5('fu' || n)::uuid, 'A', 40000, '12.50', '187.25', ${first}::date, ${last}::date, ${windows}::text::jsonb,
        'recent-history', ${first}::date, 'bench'
      from generate_series(0, ${units - 1}::int) n`)
    await tx.execute(sql`
      insert into contract_terms (contract_id, version, terms, set_at, set_by)
      select contract_id, 1, ${terms}::text::jsonb, ${first}::date, 'bench' from contract`)
    await tx.execute(sql`
      insert into instruction (instruction_id, fu_id, fsp_id, product, from_at, to_at, turn_down_w, intervals, state,
        schedule_kind, schedule_version, planned_at, issued_at, acknowledged_at, expires_at)
      select md5('instruction' || n || d)::uuid, md5('fu' || n)::uuid, md5('fsp' || n % ${fsps}::int)::uuid, 'A',
        d + interval '17 h', d + interval '19 h', 40000,
        jsonb_build_array(jsonb_build_object('from', to_char(d, 'YYYY-MM-DD"T17:00:00Z"'),
          'to', to_char(d, 'YYYY-MM-DD"T19:00:00Z"'), 'turnDownW', 40000)),
        'ended', 'optimised', 1, d, d, d, d + interval '19 h'
      from generate_series(${first}::date::timestamptz, ${last}::date::timestamptz, interval '1 day') d,
        generate_series(0, ${units - 1}::int) n
      where (extract(day from d)::int + n) % 4 = 0`)
  })
  await giveAuthorityToAll(db)
  await fillReadings(db, scale)
}

/** A level per unit and day, a shape over the day, some noise; events deliver about nine tenths of the turn-down. */
async function fillReadings(db: Database, { units, historyFrom, first, last }: SettlementScale): Promise<void> {
  // Adding the key after the rows takes half the time.
  await db.execute(sql`alter table meter_reading drop constraint meter_reading_pk`)
  await db.execute(sql`
    insert into meter_reading (fu_id, period_start, minutes, revision, energy_wh, quality, meter_id, received_at)
    select md5('fu' || n)::uuid, at, 15, 1,
      greatest(0, 14000 + (n * 37 + extract(epoch from at)::bigint / 86400 * 61) % 3000
        + (n * 13 + extract(epoch from at)::bigint / 900 * 7) % 500
        - case when at >= ${first}::date and extract(hour from at) in (17, 18)
            and (extract(day from at)::int + n) % 4 = 0 then 9200 else 0 end),
      'measured', 'm1', at + interval '1 day'
    from generate_series(0, ${units - 1}::int) n,
      generate_series(${historyFrom}::date::timestamptz, ${last}::date::timestamptz + interval '23 h 45 min', interval '15 min') at`)
  await db.execute(
    sql`alter table meter_reading add constraint meter_reading_pk primary key (fu_id, period_start, minutes, source, meter_id, revision)`,
  )
  // In the winter months a trading day in Great Britain is a UTC day.
  await db.execute(sql`
    insert into meter_day (fu_id, trading_day, energy_wh, revisions)
    select fu_id, period_start::date, json_agg(energy_wh order by period_start), json_agg(revision order by period_start)
    from meter_reading group by 1, 2`)
  await db.execute(sql`vacuum analyze meter_reading`)
  await db.execute(sql`vacuum analyze meter_day`)
}
