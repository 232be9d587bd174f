import { ProblemError } from '../../../platform/http/index.ts'
import type { partyOperations } from '../../../schemas/market/parties.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { connectionOfMpan } from '../../grid/index.ts'
import type { Verb } from '../../kit/index.ts'
import { mpansWithoutAuthority } from '../authorities/index.ts'
import { der } from './tables.ts'
import { columnsOfConsent, viewDer } from './views.ts'

/**
 * FA02: an FSP registers an asset behind an MPAN that it has authority over. Without authority the answer is the same whether or not the
 * MPAN exists (SEC03).
 */
export const registerDer: Verb<typeof partyOperations.registerDer> = async ({ db, at, id, actor, body, audit }) => {
  const [without] = await mpansWithoutAuthority(db, actor.fspId, [body.mpan], tradingDayOf(at))
  if (without)
    throw refusal(
      'is not an MPAN that you have authority over',
      'apply for it, and register the DER when the DNO has approved',
    )
  const connection = await connectionOfMpan(db, body.mpan)
  if (!connection) throw refusal('is no longer an MPAN of this network', 'ask the DNO which MPAN the site has now')
  const { consent, ...rest } = body
  const { connectionId } = connection
  const row = { derId: id, fspId: actor.fspId, connectionId, ...rest, ...columnsOfConsent(consent) }
  await db.insert(der).values(row)
  audit({ action: 'der.registered', subject: { type: 'der', id }, detail: { ...body } })
  return viewDer(row)
}

function refusal(message: string, whatToDo: string): ProblemError {
  return new ProblemError('contract-broken', `mpan ${message}: ${whatToDo}.`, { errors: [{ field: 'mpan', message }] })
}
