import { eq } from 'drizzle-orm'
import { ProblemError } from '../../../platform/http/index.ts'
import type { partyOperations } from '../../../schemas/market/parties.ts'
import { setClientsActive } from '../../access/index.ts'
import { nameOf, type Verb } from '../../kit/index.ts'
import { fsp } from './tables.ts'
import { viewFsp } from './views.ts'

/** E2EPA001–002: accepts or rejects an application, with a reason. The decision is final. */
export const decideOnApplication: Verb<typeof partyOperations.decideOnApplication> = async (call) => {
  const { db, at, actor, params, body } = call
  const [found] = await db.select().from(fsp).where(eq(fsp.fspId, params.id)).for('update')
  if (!found) throw new ProblemError('not-found', `Application ${params.id} not found.`)
  if (found.status !== 'applied') throw new ProblemError('conflict', `${found.companyName} is already ${found.status}.`)
  const accepted = body.decision === 'accept'
  const change = {
    status: accepted ? ('accepted' as const) : ('rejected' as const),
    reason: body.decision === 'reject' ? body.reason : null,
    decidedAt: at,
    decidedBy: nameOf(actor),
  }
  await db.update(fsp).set(change).where(eq(fsp.fspId, params.id))
  await setClientsActive(db, params.id, accepted)
  call.audit({
    action: `fsp.${change.status}`,
    subject: { type: 'fsp', id: params.id },
    detail: { reason: change.reason },
  })
  call.announce('market')
  return viewFsp({ ...found, ...change })
}
