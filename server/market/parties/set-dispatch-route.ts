import { eq } from 'drizzle-orm'
import { ProblemError } from '../../../platform/http/index.ts'
import type { partyOperations } from '../../../schemas/market/parties.ts'
import type { Verb } from '../../kit/index.ts'
import { fsp } from './tables.ts'
import { viewFsp } from './views.ts'

/** Chooses the route for an FSP's instructions from now on. */
export const setDispatchRoute: Verb<typeof partyOperations.setDispatchRoute> = async ({
  db,
  params,
  body,
  ...call
}) => {
  const change = { dispatchRoute: body.route, dispatchEmail: body.route === 'email' ? body.email : null }
  const [changed] = await db.update(fsp).set(change).where(eq(fsp.fspId, params.id)).returning()
  if (!changed) throw new ProblemError('not-found', `FSP ${params.id} not found.`)
  call.audit({ action: 'fsp.dispatch-route', subject: { type: 'fsp', id: params.id }, detail: change })
  call.announce('market')
  return viewFsp(changed)
}
