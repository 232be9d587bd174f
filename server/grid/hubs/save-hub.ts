import type { Instant } from '@js-joda/core'
import { and, eq, isNull, notInArray, sql } from 'drizzle-orm'
import { idList, type Queryable } from '../../../platform/db/index.ts'
import type { MappedPoint } from '../../../schemas/grid/gateway.ts'
import { moveHubs, nobodyOf, shardOf } from './holders.ts'
import { defaultPointMap, withOverrides } from './point-maps.ts'
import { hub, hubFeeder, hubPower, pointMap as pointMapTable } from './tables.ts'

/** A hub counts as lost after this many polls without a measurement (default). */
const pollsToTimeout = 3

export interface NewHub {
  hubId: string
  name: string
  /** What it watches: a customer's connection or a node of the network. */
  connectionId: string | null
  nodeId: string | null
  host: string
  port: number
  /** It calls its gateway: `host` and `port` are unused. */
  dialsIn?: boolean
  /** It is reached over mutual TLS, and its certificate must bear this name. */
  tlsName?: string | null
  /** DNP3 link addresses: the master's own and the outstation's. */
  localAddress: number
  remoteAddress: number
  integrityPollS: number
  /** By default three integrity polls, s. */
  timeoutS?: number
  /** The gateway that polls it; for a pool's hub, the one that claims its shard. */
  gatewayId: string | null
  /** The pool whose gateways share it. */
  pool?: string | null
  /** The DNO by default. */
  ownership?: 'dno' | 'customer'
  /** Whether it measures current only, so that its power is derived. */
  currentOnly?: boolean
  /** Whether power can only flow into what it measures, so that the direction of a current is known. */
  importOnly?: boolean
  feeders: { feeder: number; role: 'building' | 'ev'; connectionId: string }[]
  /** The stored map of its model. */
  pointMapName?: string | null
  /** Its own map; by default that of its model, otherwise the map of a VisNet-like monitor with these feeders. */
  pointMap?: MappedPoint[]
  /** Points whose meaning differs from that map, or that only this hub has. */
  pointOverrides?: MappedPoint[] | null
}

/** Creates or updates a hub with its feeders; its measurements and link statistics stay. */
export async function saveHub(tx: Queryable, at: Instant, given: NewHub): Promise<void> {
  const { hubId, feeders, gatewayId, pool = null, timeoutS = given.integrityPollS * pollsToTimeout, ...rest } = given
  const row = {
    ownership: 'dno' as const,
    currentOnly: false,
    importOnly: false,
    dialsIn: false,
    tlsName: null,
    pointMapName: null,
    pointMap: null,
    pointOverrides: null,
    pool,
    shard: pool === null ? null : shardOf(hubId),
    ...rest,
    timeoutS,
    revision: sql`nextval('assignment_revision')`,
  }
  // A hub that stays in its pool keeps the gateway that the pool gave it.
  const holder = gatewayId ?? nobodyOf(pool ?? '')
  const stays = pool === null ? undefined : sql`${hub.pool} is distinct from ${pool}`
  await moveHubs(tx, at, holder, and(eq(hub.hubId, hubId), stays))
  await tx
    .insert(hub)
    .values({ hubId, gatewayId: holder, ...row, assignedAt: at })
    .onConflictDoUpdate({ target: hub.hubId, set: row })
  const numbers = feeders.map((f) => f.feeder)
  const before = await tx
    .select({ connectionId: hubFeeder.connectionId })
    .from(hubFeeder)
    .where(eq(hubFeeder.hubId, hubId))
  await tx.delete(hubFeeder).where(and(eq(hubFeeder.hubId, hubId), notInArray(hubFeeder.feeder, numbers)))
  const map = await mapOf(tx, row, numbers)
  const powers = powersOf(map, row.currentOnly)
  await savePowers(tx, hubId, powers)
  for (const { feeder, role, connectionId } of feeders) {
    const feederRow = { role, connectionId, ...summedOf(powers, feeder) }
    await tx
      .insert(hubFeeder)
      .values({ hubId, feeder, ...feederRow })
      .onConflictDoUpdate({ target: [hubFeeder.hubId, hubFeeder.feeder], set: feederRow })
  }
  await chooseSources(tx, [...before, ...feeders])
}

/** Says where a hub answers now; all else of it stays. @returns whether there is such a hub. */
export async function readdressHub(tx: Queryable, hubId: string, to: { host: string; port: number }): Promise<boolean> {
  const { host, port } = to
  const rows = await tx
    .update(hub)
    .set({ host, port, revision: sql`nextval('assignment_revision')` })
    .where(eq(hub.hubId, hubId))
    .returning({ hubId: hub.hubId })
  return rows.length > 0
}

/**
 * Which feeders of some connections count: those of the DNO's own hubs or, without one, those of the customer's monitor. A monitor beside
 * a hub would count the same load twice; it is compared instead (decision 65).
 */
async function chooseSources(tx: Queryable, of: readonly { connectionId: string }[]): Promise<void> {
  const ids = [...new Set(of.map(({ connectionId }) => connectionId))]
  await tx.execute(sql`
    with own as (
      select f.connection_id, bool_or(h.ownership = 'dno') as has_hub
      from hub_feeder f join hub h on h.hub_id = f.hub_id
      where f.connection_id in ${idList(ids)} group by 1
    )
    update hub_feeder f set counts = (h.ownership = 'dno' or not own.has_hub)
    from own, hub h
    where own.connection_id = f.connection_id and h.hub_id = f.hub_id
      and f.counts is distinct from (h.ownership = 'dno' or not own.has_hub)`)
}

type MapChoice = Pick<typeof hub.$inferSelect, 'pointMap' | 'pointMapName' | 'pointOverrides'>

/** What the points of a hub mean. */
async function mapOf(tx: Queryable, given: MapChoice, feeders: readonly number[]): Promise<MappedPoint[]> {
  const map = given.pointMap ?? (await storedMap(tx, given.pointMapName)) ?? defaultPointMap(feeders)
  return withOverrides(map, given.pointOverrides ?? [])
}

async function storedMap(tx: Queryable, name: string | null): Promise<MappedPoint[] | undefined> {
  if (name === null) return undefined
  const [found] = await tx.select().from(pointMapTable).where(eq(pointMapTable.name, name))
  return found?.points
}

type Power = Pick<typeof hubPower.$inferSelect, 'feeder' | 'phase' | 'held'>

/** The active powers that a map promises: those it names or, from a monitor of current only, those derived from its currents. */
function powersOf(map: readonly MappedPoint[], currentOnly: boolean): Power[] {
  return map
    .filter((point) => point.quantity === (currentOnly ? 'current' : 'active-power'))
    .map(({ feeder, phase, deadBand = 0 }) => ({ feeder, phase, held: deadBand > 0 }))
}

/** The number of powers of a feeder, and whether a heartbeat holds all of them. */
function summedOf(powers: readonly Power[], feeder: number): { powers: number; held: boolean } {
  const own = powers.filter((power) => power.feeder === feeder)
  return { powers: own.length, held: own.length > 0 && own.every((power) => power.held) }
}

async function savePowers(tx: Queryable, hubId: string, powers: readonly Power[]): Promise<void> {
  await tx.delete(hubPower).where(eq(hubPower.hubId, hubId))
  // A reading is known by its feeder and phase: of two points with the same, the last counts.
  const apart = new Map(powers.map((power) => [`${power.feeder} ${power.phase}`, power]))
  if (apart.size > 0) await tx.insert(hubPower).values([...apart.values()].map((power) => ({ hubId, ...power })))
}

/** Updates the powers that make up the import of feeders, for all hubs of a model whose map has changed. */
export async function renewPowers(tx: Queryable, pointMapName: string): Promise<void> {
  const hubs = await tx
    .select()
    .from(hub)
    .where(and(eq(hub.pointMapName, pointMapName), isNull(hub.pointMap)))
  const map = (await storedMap(tx, pointMapName)) ?? []
  for (const { hubId, pointOverrides, currentOnly } of hubs) {
    const powers = powersOf(withOverrides(map, pointOverrides ?? []), currentOnly)
    await savePowers(tx, hubId, powers)
    const feeders = await tx.select({ feeder: hubFeeder.feeder }).from(hubFeeder).where(eq(hubFeeder.hubId, hubId))
    for (const { feeder } of feeders) {
      const which = and(eq(hubFeeder.hubId, hubId), eq(hubFeeder.feeder, feeder))
      await tx.update(hubFeeder).set(summedOf(powers, feeder)).where(which)
    }
  }
}
