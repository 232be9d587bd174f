import { createHash } from 'node:crypto'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError, problemOf } from '../../../platform/http/index.ts'
import type { ConnectionMaster } from '../../../schemas/grid/connections.ts'
import { brokenField } from '../../../schemas/vocabulary/outcome.ts'
import { findNode } from '../network/index.ts'
import { findConnection, mpansOf } from './store.ts'

/** A connection's master data with its version, a digest of the data, so that two editors notice each other; 404 if unknown. */
export async function masterDataOf(db: Queryable, connectionId: string): Promise<ConnectionMaster> {
  const found = await findConnection(db, connectionId)
  if (!found) throw new ProblemError('not-found', `There is no connection ${connectionId}.`)
  const mpans = (await mpansOf(db, [connectionId])).get(connectionId) ?? []
  const { connectionId: _, ...rest } = found
  const form = { ...rest, mpans }
  const etag = createHash('sha256').update(JSON.stringify(form)).digest('hex').slice(0, 16)
  return { connectionId, ...form, etag }
}

/** Refuses a node that is not in the network. */
export async function requireNode(tx: Queryable, nodeId: string): Promise<void> {
  if (await findNode(tx, nodeId)) return
  throw problemOf(brokenField('nodeId', `is not a node of the network: ${nodeId}`))
}
