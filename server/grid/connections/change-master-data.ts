import { eq } from 'drizzle-orm'
import { ProblemError } from '../../../platform/http/index.ts'
import type { ConnectionForm, ConnectionMaster, connectionOperations } from '../../../schemas/grid/connections.ts'
import { isCurrent, type Verb } from '../../kit/index.ts'
import { differences, differingFields } from './differences.ts'
import { masterDataOf, requireNode } from './master-data.ts'
import { saveConnection } from './save-connection.ts'
import { connection } from './tables.ts'

/** Changes a connection's master data. A second editor is told what the first changed meanwhile (FM15). */
export const changeMasterData: Verb<typeof connectionOperations.changeMasterData> = async (call) => {
  const { db, params, body, version } = call
  await db.select().from(connection).where(eq(connection.connectionId, params.id)).for('update')
  const before = await masterDataOf(db, params.id)
  if (!isCurrent(version, before.etag)) throw changedMeanwhile(before, body)
  await requireNode(db, body.nodeId)
  await saveConnection(db, { connectionId: params.id, ...body })
  const after = await masterDataOf(db, params.id)
  call.audit({
    action: 'connection.changed',
    subject: { type: 'connection', id: params.id },
    detail: { changes: differences(before, after) },
  })
  return after
}

function changedMeanwhile({ connectionId: _, etag, ...now }: ConnectionMaster, sent: ConnectionForm): ProblemError {
  return new ProblemError('changed-meanwhile', 'Somebody changed this connection meanwhile: read it again.', {
    errors: differingFields(now, sent),
    headers: { etag: `"${etag}"` },
  })
}
