import type { Instant } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { ExportQuery } from '../../../schemas/grid/exports.ts'
import { instantOf } from '../../../schemas/vocabulary/time.ts'

/** What an export is about. `null` where nothing is chosen: all of them. */
export interface Chosen {
  from: Instant
  to: Instant
  /** Hubs whose measurements are wanted. */
  hubIds: string[] | null
  /** Places whose half-hours are wanted. */
  nodeIds: string[] | null
  connectionIds: string[] | null
  /** For the name of the file. */
  what: string
}

/** The longest span of one file. */
const longestSpanDays = 732

/** What a caller has chosen. Throws where it does not exist, where two things are named, or for a span that is none. */
export async function chosenBy(db: Queryable, query: ExportQuery): Promise<Chosen> {
  const [from, to] = [instantOf(query.from), instantOf(query.to)]
  const days = (to.toEpochMilli() - from.toEpochMilli()) / 86_400_000
  if (days <= 0 || days > longestSpanDays)
    throw broken('to', `must be later than from, by no more than ${longestSpanDays} days`)
  const { nodeId, connectionId, hubId } = query
  if ([nodeId, connectionId, hubId].filter((id) => id !== undefined).length > 1)
    throw broken('nodeId', 'only one of nodeId, connectionId and hubId can be chosen')
  if (nodeId !== undefined) return { from, to, ...(await ofNode(db, nodeId)) }
  if (connectionId !== undefined) return { from, to, ...(await ofConnection(db, connectionId)) }
  if (hubId !== undefined) return { from, to, ...(await ofHub(db, hubId)) }
  return { from, to, hubIds: null, nodeIds: null, connectionIds: null, what: 'all' }
}

function broken(field: string, message: string): ProblemError {
  return new ProblemError('contract-broken', `${field}: ${message}.`, { errors: [{ field, message }] })
}

type Places = Omit<Chosen, 'from' | 'to'>

async function ofNode(db: Queryable, nodeId: string): Promise<Places> {
  const [found] = await db.execute(sql`select from network_node where node_id = ${nodeId}`)
  if (!found) throw new ProblemError('not-found', `There is no node ${nodeId}.`)
  const hubs = await db.execute<{ hub_id: string }>(sql`select hub_id from hub where node_id = ${nodeId}`)
  return { hubIds: hubs.map((hub) => hub.hub_id), nodeIds: [nodeId], connectionIds: [], what: nodeId }
}

async function ofConnection(db: Queryable, connectionId: string): Promise<Places> {
  const id = sql`${connectionId}::uuid`
  const [found] = await db.execute(sql`select from connection where connection_id = ${id}`)
  if (!found) throw new ProblemError('not-found', `There is no connection ${connectionId}.`)
  const hubs = await db.execute<{ hub_id: string }>(sql`
    select hub_id from hub where connection_id = ${id} union select hub_id from hub_feeder where connection_id = ${id}`)
  return { hubIds: hubs.map((hub) => hub.hub_id), nodeIds: [], connectionIds: [connectionId], what: connectionId }
}

async function ofHub(db: Queryable, hubId: string): Promise<Places> {
  const id = sql`${hubId}::uuid`
  const [found] = await db.execute<{ node_id: string | null; connection_id: string | null }>(
    sql`select node_id, connection_id from hub where hub_id = ${id}`,
  )
  if (!found) throw new ProblemError('not-found', `There is no hub ${hubId}.`)
  const feeders = await db.execute<{ connection_id: string }>(
    sql`select distinct connection_id from hub_feeder where hub_id = ${id}`,
  )
  const connectionIds = new Set(feeders.map((feeder) => feeder.connection_id))
  if (found.connection_id !== null) connectionIds.add(found.connection_id)
  const nodeIds = found.node_id === null ? [] : [found.node_id]
  return { hubIds: [hubId], nodeIds, connectionIds: [...connectionIds], what: hubId }
}
