import { and, eq } from 'drizzle-orm'
import { ProblemError, refuse } from '../../../platform/http/index.ts'
import type { partyOperations } from '../../../schemas/market/parties.ts'
import type { Verb } from '../../kit/index.ts'
import { constraintsFault } from './rules.ts'
import { unitOf } from './store.ts'
import { flexibleUnit } from './tables.ts'

/** An FSP states the constraints on an FU's turn-downs; they apply from the next optimisation. */
export const stateConstraints: Verb<typeof partyOperations.stateConstraints> = async (call) => {
  const { db, at, actor, params, body } = call
  const own = and(eq(flexibleUnit.fuId, params.id), eq(flexibleUnit.fspId, actor.fspId))
  const [before] = await db.select().from(flexibleUnit).where(own).for('update')
  if (!before) throw new ProblemError('not-found', `You have no FU ${params.id}.`)
  refuse(constraintsFault(body.limits, before))
  await db.update(flexibleUnit).set({ limits: body.limits }).where(own)
  call.audit({
    action: 'fu.limits',
    subject: { type: 'fu', id: params.id },
    detail: { before: before.limits, after: body.limits },
  })
  call.announce('market')
  return unitOf(db, at, params.id)
}
