import { eq } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { Fsp, partyOperations } from '../../../schemas/market/parties.ts'
import { setClientsActive } from '../../access/index.ts'
import { nameOf, type ProposedAct } from '../../kit/index.ts'
import { fsp } from './tables.ts'
import { viewFsp } from './views.ts'

/**
 * E2EPA001–002: accepts or rejects an application, with a reason. The decision is final. An acceptance lets a company in, and what it
 * stated of its control API with it, so it needs a second person; one person may reject.
 */
export const decideOnApplication: ProposedAct<typeof partyOperations.decideOnApplication, Fsp> = {
  async describe({ db, params, body }) {
    const found = await lockApplicant(db, params.id)
    if (body.decision === 'reject') return null
    const { companyName, contactEmail, controlBaseUrl, controlTokenEndpoint } = found
    const stated = { contactEmail, controlBaseUrl, controlTokenEndpoint }
    return {
      subject: { type: 'fsp', id: params.id },
      title: `Accept ${companyName} as an FSP`,
      before: { status: found.status, ...stated },
      after: { status: 'accepted', ...stated },
    }
  },

  async carryOut({ db, at, actor, params, body, ...call }) {
    const found = await lockApplicant(db, params.id)
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
  },
}

async function lockApplicant(tx: Queryable, fspId: string) {
  const [found] = await tx.select().from(fsp).where(eq(fsp.fspId, fspId)).for('update')
  if (!found) throw new ProblemError('not-found', `Application ${fspId} not found.`)
  if (found.status !== 'applied') throw new ProblemError('conflict', `${found.companyName} is already ${found.status}.`)
  return found
}
