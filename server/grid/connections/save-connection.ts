import { and, eq, inArray, notInArray } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { ConnectionRecord } from './store.ts'
import { connection, connectionMpan } from './tables.ts'

/** A connection as it is saved, with its meter points. */
export interface NewConnection extends Omit<ConnectionRecord, 'exportKva'> {
  /** `null`, or absent, where no export capacity is stated. */
  exportKva?: number | null
  mpans: string[]
}

/** Creates or updates a connection with its MPANs. */
export async function saveConnection(tx: Queryable, given: NewConnection): Promise<void> {
  const { connectionId, mpans, exportKva = null, ...others } = given
  const rest = { ...others, exportKva }
  await tx
    .insert(connection)
    .values({ connectionId, ...rest })
    .onConflictDoUpdate({ target: connection.connectionId, set: rest })
  await tx
    .delete(connectionMpan)
    .where(and(eq(connectionMpan.connectionId, connectionId), notInArray(connectionMpan.mpan, mpans)))
  if (mpans.length === 0) return
  await tx
    .insert(connectionMpan)
    .values(mpans.map((mpan) => ({ mpan, connectionId })))
    .onConflictDoNothing()
  await requireOwnMpans(tx, connectionId, mpans)
}

async function requireOwnMpans(tx: Queryable, connectionId: string, mpans: string[]): Promise<void> {
  const rows = await tx.select().from(connectionMpan).where(inArray(connectionMpan.mpan, mpans))
  const foreign = rows.find((row) => row.connectionId !== connectionId)
  if (!foreign) return
  throw new ProblemError('conflict', `MPAN ${foreign.mpan} belongs to the connection ${foreign.connectionId}.`)
}
