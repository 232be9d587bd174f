import { ProblemError } from '../../../platform/http/index.ts'
import type { partyOperations } from '../../../schemas/market/parties.ts'
import { connectionOfMpan } from '../../grid/index.ts'
import type { Verb } from '../../kit/index.ts'
import { der } from './tables.ts'

/** FA02: an FSP registers an asset behind one of the DNO's MPANs. */
export const registerDer: Verb<typeof partyOperations.registerDer> = async ({ db, id, actor, body, audit }) => {
  const connection = await connectionOfMpan(db, body.mpan)
  if (!connection) {
    const errors = [{ field: 'mpan', message: 'is not an MPAN of this network' }]
    const detail = `mpan: ${body.mpan} is not an MPAN of this network; check its 13 digits.`
    throw new ProblemError('contract-broken', detail, { errors })
  }
  const row = { derId: id, fspId: actor.fspId, ...body }
  await db.insert(der).values({ ...row, connectionId: connection.connectionId })
  audit({ action: 'der.registered', subject: { type: 'der', id }, detail: { ...body } })
  return row
}
