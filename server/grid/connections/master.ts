import { createHash } from 'node:crypto'
import { eq } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { ConnectionForm, ConnectionMaster } from '../../../schemas/grid/profiles.ts'
import { type Actor, recordAudit, requirePerson, type ServerContext } from '../../kit/index.ts'
import { findNode } from '../network/index.ts'
import { differences } from './life-cycle.ts'
import { saveConnection } from './service.ts'
import { findConnection, mpansOf } from './store.ts'
import { connection } from './tables.ts'

/** A connection's own data with the tag by which two editors notice each other: a digest of what it holds. */
async function masterOf(db: Queryable, connectionId: string): Promise<ConnectionMaster | null> {
  const found = await findConnection(db, connectionId)
  if (!found) return null
  const mpans = (await mpansOf(db, [connectionId])).get(connectionId) ?? []
  const { connectionId: _, ...rest } = found
  const form = { ...rest, mpans }
  const etag = createHash('sha256').update(JSON.stringify(form)).digest('hex').slice(0, 16)
  return { connectionId, ...form, etag }
}

async function requireMaster(db: Queryable, connectionId: string): Promise<ConnectionMaster> {
  const found = await masterOf(db, connectionId)
  if (!found) throw new ProblemError('not-found', `There is no connection ${connectionId}.`)
  return found
}

/** A connection's own data: site, customer, capacity, meter points. */
export async function readMaster(
  context: ServerContext,
  actor: Actor | null,
  connectionId: string,
): Promise<ConnectionMaster> {
  requirePerson(actor)
  return requireMaster(context.db, connectionId)
}

async function requireNode(tx: Queryable, nodeId: string): Promise<void> {
  if (await findNode(tx, nodeId)) return
  const message = `there is no node ${nodeId}`
  throw new ProblemError('contract-broken', `nodeId: ${message}`, { errors: [{ field: 'nodeId', message }] })
}

/** Makes a connection. The same identifier again answers what was made the first time. */
export async function makeConnection(
  context: ServerContext,
  actor: Actor | null,
  connectionId: string,
  form: ConnectionForm,
): Promise<ConnectionMaster> {
  const person = requirePerson(actor, 'planner')
  return context.db.transaction(async (tx) => {
    const known = await masterOf(tx, connectionId)
    if (known) return known
    await requireNode(tx, form.nodeId)
    await saveConnection(tx, { connectionId, ...form })
    await recordAudit(tx, context.clock.now(), person, {
      action: 'connection.made',
      subject: { type: 'connection', id: connectionId },
      detail: form,
    })
    return requireMaster(tx, connectionId)
  })
}

/** Changes a connection's own data. @param etag of what the caller has read; another's change since is answered with what differs. */
export async function changeConnection(
  context: ServerContext,
  actor: Actor | null,
  connectionId: string,
  etag: string | null,
  form: ConnectionForm,
): Promise<ConnectionMaster> {
  const person = requirePerson(actor, 'planner')
  if (etag === null)
    throw new ProblemError('precondition-required', 'Send If-Match with the ETag of what you have read.')
  return context.db.transaction(async (tx) => {
    await tx.select().from(connection).where(eq(connection.connectionId, connectionId)).for('update')
    const before = await requireMaster(tx, connectionId)
    if (before.etag !== etag) throw changedMeanwhile(before, form)
    await requireNode(tx, form.nodeId)
    await saveConnection(tx, { connectionId, ...form })
    const after = await requireMaster(tx, connectionId)
    await recordAudit(tx, context.clock.now(), person, {
      action: 'connection.changed',
      subject: { type: 'connection', id: connectionId },
      detail: { changes: differences(before, after) },
    })
    return after
  })
}

function changedMeanwhile({ connectionId: _, etag, ...now }: ConnectionMaster, sent: ConnectionForm): ProblemError {
  const errors = differences(now, sent).map((d) => ({
    field: d.field,
    message: `is now ${JSON.stringify(d.now) ?? 'not there'}; you sent ${JSON.stringify(d.sent) ?? 'nothing'}`,
  }))
  return new ProblemError('changed-meanwhile', 'Somebody changed this connection meanwhile: read it again.', {
    errors,
    headers: { etag: `"${etag}"` },
  })
}
