import { Duration, type Instant } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import type { ServerContext } from '../../kit/index.ts'
import { headroomNodes } from './layers.ts'
import { boundsOf, inOrder, type PlacedNode } from './rules.ts'
import { readSketch, type Sketch } from './sketch.ts'

/** The network as it was at an instant: every node with its headroom, and the way marks. */
export interface KeptNetwork {
  at: Instant
  nodes: PlacedNode[]
  sketch: Sketch
  bounds: ReturnType<typeof boundsOf>
}

/**
 * How long a picture of the headroom is shown. Two years of half-hours of every node are behind it: reading them anew for every tile would
 * keep the database from its work, and headroom is of days and years. A changed network or agreement is seen at once.
 */
const keptFor = Duration.ofMinutes(5)

interface Kept {
  /** The facts that it follows from, as far as they are cheap to compare. */
  stamp: string
  at: Instant
  network: Promise<KeptNetwork>
}

/** By server: what makes a server's secrets is made once for each, whatever pool a call works on. */
const pictures = new WeakMap<ServerContext['secrets'], Kept>()

/** The network with its headroom. Calls that come while it is read wait for the same reading. */
export async function keptNetwork(context: ServerContext, db: Queryable, at: Instant): Promise<KeptNetwork> {
  const stamp = `${tradingDayOf(at)} ${await stampOf(db)}`
  const known = pictures.get(context.secrets)
  if (known && known.stamp === stamp && known.at.plus(keptFor).isAfter(at)) return known.network
  const network = readNetwork(db, at)
  const kept = { stamp, at, network }
  pictures.set(context.secrets, kept)
  network.catch(() => {
    if (pictures.get(context.secrets) === kept) pictures.delete(context.secrets)
  })
  return network
}

async function readNetwork(db: Queryable, at: Instant): Promise<KeptNetwork> {
  const nodes = inOrder(await headroomNodes(db, at))
  return { at, nodes, sketch: await readSketch(db), bounds: boundsOf(nodes.map(({ node }) => node.place)) }
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
