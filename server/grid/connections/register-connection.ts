import type { connectionOperations } from '../../../schemas/grid/connections.ts'
import type { Verb } from '../../kit/index.ts'
import { requireArea } from '../areas/index.ts'
import { masterDataOf, requireNode } from './master-data.ts'
import { saveConnection } from './save-connection.ts'

/** Registers a connection: site, customer, authorised capacity, meter points. */
export const registerConnection: Verb<typeof connectionOperations.registerConnection> = async (call) => {
  const { db, id, body } = call
  await requireArea(db, body.licenceArea)
  await requireNode(db, body.nodeId)
  await saveConnection(db, { connectionId: id, ...body })
  call.audit({ action: 'connection.created', subject: { type: 'connection', id }, detail: body })
  return masterDataOf(db, id)
}
