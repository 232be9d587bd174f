import { isDeepStrictEqual } from 'node:util'
import { eq } from 'drizzle-orm'
import { ProblemError } from '../../../platform/http/index.ts'
import type { ConnectionForm, ConnectionMaster, connectionOperations } from '../../../schemas/grid/connections.ts'
import { type Call, isCurrent, type ProposedAct } from '../../kit/index.ts'
import { requireArea } from '../areas/index.ts'
import { differences, differingFields } from './differences.ts'
import { masterDataOf, requireNode } from './master-data.ts'
import { saveConnection } from './save-connection.ts'
import { connection } from './tables.ts'

type ChangeMaster = typeof connectionOperations.changeMasterData

/**
 * Changes a connection's master data. A second editor is told what the first changed meanwhile (FM15). Agreed capacity and power factor
 * are the limit in force wherever no profile is, and the export capacity is that of exports, so a change of them needs a second person.
 */
export const changeMasterData: ProposedAct<ChangeMaster, ConnectionMaster> = {
  async describe(call) {
    const { db, params, body } = call
    const before = await lockCurrent(call)
    await requireArea(db, body.licenceArea)
    await requireNode(db, body.nodeId)
    const [old, now] = [limitOf(before), limitOf(body)]
    if (isDeepStrictEqual(old, now)) return null
    const title = `Change the agreed capacity of ${before.name}`
    return { subject: { type: 'connection', id: params.id }, title, before: formOf(before), after: body }
  },

  async carryOut(call) {
    const { db, params, body } = call
    const before = await lockCurrent(call)
    await saveConnection(db, { connectionId: params.id, ...body })
    const after = await masterDataOf(db, params.id)
    call.audit({
      action: 'connection.changed',
      subject: { type: 'connection', id: params.id },
      detail: { changes: differences(before, after) },
    })
    return after
  },
}

const limitOf = ({ ascKva, exportKva, powerFactor }: Pick<ConnectionForm, 'ascKva' | 'exportKva' | 'powerFactor'>) => ({
  ascKva,
  exportKva,
  powerFactor,
})

/** The connection as it is, locked, if it is still what the caller has read. */
async function lockCurrent({ db, params, body, version }: Call<ChangeMaster>): Promise<ConnectionMaster> {
  await db.select().from(connection).where(eq(connection.connectionId, params.id)).for('update')
  const before = await masterDataOf(db, params.id)
  if (!isCurrent(version, before.etag)) throw changedMeanwhile(before, body)
  return before
}

function formOf({ connectionId: _, etag: __, ...form }: ConnectionMaster): ConnectionForm {
  return form
}

function changedMeanwhile(present: ConnectionMaster, sent: ConnectionForm): ProblemError {
  return new ProblemError('changed-meanwhile', 'Somebody changed this connection meanwhile: read it again.', {
    errors: differingFields(formOf(present), sent),
    headers: { etag: `"${present.etag}"` },
  })
}
