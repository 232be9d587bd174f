import { Duration, type Instant } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import type { ServerContext } from '../../kit/index.ts'
import { headroomNodes } from './layers.ts'
import { inOrder, type PlacedNode } from './rules.ts'
import { readSketch, type Sketch } from './sketch.ts'

/** Every node with its headroom as it was at an instant. */
export interface KeptHeadroom {
  at: Instant
  nodes: PlacedNode[]
}

/**
 * How long what was read of the network is shown. Two years of half-hours of every node are behind its headroom: reading them anew for every
 * tile would keep the database from its work, and headroom is of days and years. A changed network or agreement is seen at once.
 */
const keptFor = Duration.ofMinutes(5)

interface Kept {
  /** The facts that it follows from, as far as they are cheap to compare. */
  stamp: string
  at: Instant
  value: Promise<unknown>
}

/** By server, and by what is kept: what holds a server's secrets is made once for each, whatever pool a call works on. */
const servers = new WeakMap<ServerContext['secrets'], Map<string, Kept>>()

/** The headroom of the network, those that need someone first. */
export function keptHeadroom(context: ServerContext, db: Queryable, at: Instant): Promise<KeptHeadroom> {
  return kept(context, db, at, 'headroom', async () => ({ at, nodes: inOrder(await headroomNodes(db, at)) }))
}

/** The upper network, for the reader to find the way. */
export function keptSketch(context: ServerContext, db: Queryable, at: Instant): Promise<Sketch> {
  return kept(context, db, at, 'sketch', () => readSketch(db))
}

/** What is kept under a name, or else is read now. Calls that come while it is read wait for the same reading. */
async function kept<T>(
  context: ServerContext,
  db: Queryable,
  at: Instant,
  name: string,
  read: () => Promise<T>,
): Promise<T> {
  const stamp = `${tradingDayOf(at)} ${await stampOf(db)}`
  const own = servers.get(context.secrets) ?? new Map<string, Kept>()
  servers.set(context.secrets, own)
  const known = own.get(name)
  if (known && known.stamp === stamp && known.at.plus(keptFor).isAfter(at)) return known.value as Promise<T>
  const value = read()
  const entry = { stamp, at, value }
  own.set(name, entry)
  value.catch(() => {
    if (own.get(name) === entry) own.delete(name)
  })
  return value
}

/** Changes with what decides headroom: nodes, imports of them, agreements and figures. */
async function stampOf(db: Queryable): Promise<string> {
  const [row] = await db.execute<{ stamp: string }>(sql`
    select concat_ws(' ', (select count(*) from network_node),
      (select max(started_at) from network_import where state = 'imported'),
      (select count(*) from connection),
      (select count(*) from profile where state = 'approved'),
      (select count(*) from setting_version)) as stamp`)
  return row?.stamp ?? ''
}
