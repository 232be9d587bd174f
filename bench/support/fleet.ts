import type { Instant } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import type { Queryable } from '../../platform/db/index.ts'
import type { RunningServer } from '../../server/app/index.ts'
import { saveNode } from '../../server/grid/index.ts'

/** Fills the database with connections, profiles, hubs and fresh powers, in a few statements: only the result matters, not how it got there. */
export async function fillFleet({ context }: RunningServer, count: number, at: Instant): Promise<void> {
  // Filling 100,000 takes longer than a request may.
  await context.db.transaction(async (tx) => {
    await tx.execute(sql`set local statement_timeout = 0`)
    await fill(tx, count, at)
  })
  await context.db.execute(sql`analyze`)
}

async function fill(db: Queryable, count: number, at: Instant): Promise<void> {
  const common = {
    licenceArea: 'LPN',
    ratingWinterKva: null,
    ratingSummerKva: null,
    easting: null,
    northing: null,
  } as const
  await saveNode(db, { nodeId: 'gsp', name: 'GSP', kind: 'gsp', parentId: null, ...common })
  const ids = sql`(select n, md5('c' || n)::uuid as c, md5('h' || n)::uuid as h from generate_series(1, ${count}::int) n) ids`
  const steps = JSON.stringify(['00:00', '07:00', '16:00', '20:00'].map((from) => ({ from, limitW: 100_000 })))
  const limits = `{"weekday": ${steps}, "weekend": ${steps}}`
  await db.execute(sql`
    insert into connection (connection_id, name, customer, address, licence_area, node_id, asc_kva, power_factor)
    select c, 'Site ' || n, '', '', 'LPN', 'gsp', 200, 0.95 from ${ids}`)
  await db.execute(sql`
    insert into profile (profile_id, connection_id, version, state, valid_from, valid_to, limits)
    select md5('p' || n)::uuid, c, 1, 'approved', '2020-01-01', '2035-12-31', ${limits}::text::jsonb from ${ids}`)
  await db.execute(sql`
    insert into hub (hub_id, name, connection_id, host, port, local_address, remote_address, integrity_poll_s, timeout_s,
      gateway_id, assigned_at)
    select h, 'Hub ' || n, c, '127.0.0.1', 20000, 1, 10, 60, 180, 'gateway-1', ${at.toString()}::timestamptz from ${ids}`)
  await db.execute(sql`
    insert into hub_feeder (hub_id, feeder, role, connection_id, powers)
    select h, f, case f when 1 then 'building' else 'ev' end, c, 3 from ${ids}, generate_series(1, 4) f`)
  await db.execute(sql`
    insert into feeder_power (hub_id, feeder, points, usable, value_w, quality, measured_at)
    select h, f, 3, 3, case when n % 20 = 0 then 27000 else 21000 end, 'good', ${at.toString()}::timestamptz
    from ${ids}, generate_series(1, 4) f`)
}
