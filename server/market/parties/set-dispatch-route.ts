import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import { ProblemError } from '../../../platform/http/index.ts'
import type { dispatchRoute, Fsp, partyOperations } from '../../../schemas/market/parties.ts'
import type { ProposedAct } from '../../kit/index.ts'
import { fsp } from './tables.ts'
import { viewFsp } from './views.ts'

/** Chooses the route for an FSP's instructions from the approval on: nobody redirects them alone. */
export const setDispatchRoute: ProposedAct<typeof partyOperations.setDispatchRoute, Fsp> = {
  async describe({ db, params, body }) {
    const [found] = await db.select().from(fsp).where(eq(fsp.fspId, params.id)).for('update')
    if (!found) throw new ProblemError('not-found', `FSP ${params.id} not found.`)
    const { companyName, dispatchRoute: route, dispatchEmail, contactEmail } = found
    const change = columnsOf(body)
    const to =
      change.dispatchRoute === 'http' ? 'to its control API' : `by e-mail to ${change.dispatchEmail ?? contactEmail}`
    return {
      subject: { type: 'fsp', id: params.id },
      title: `Send the instructions of ${companyName} ${to}`,
      before: { dispatchRoute: route, dispatchEmail },
      after: change,
    }
  },

  async carryOut({ db, params, body, ...call }) {
    const change = columnsOf(body)
    const [changed] = await db.update(fsp).set(change).where(eq(fsp.fspId, params.id)).returning()
    if (!changed) throw new Error(`FSP ${params.id} is gone`)
    call.audit({ action: 'fsp.dispatch-route', subject: { type: 'fsp', id: params.id }, detail: change })
    call.announce('market')
    return viewFsp(changed)
  },
}

function columnsOf(given: z.output<typeof dispatchRoute>) {
  return { dispatchRoute: given.route, dispatchEmail: given.route === 'email' ? given.email : null }
}
