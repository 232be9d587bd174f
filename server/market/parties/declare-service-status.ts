import { ProblemError } from '../../../platform/http/index.ts'
import type { partyOperations } from '../../../schemas/market/parties.ts'
import { instantOf } from '../../../schemas/vocabulary/time.ts'
import type { Verb } from '../../kit/index.ts'
import { findUnit, unitOf } from './store.ts'
import { serviceStatus } from './tables.ts'

/** E2EPA010: an FSP declares an FU in or out of service. Of two declarations for one instant the later one applies, even within a millisecond. */
export const declareServiceStatus: Verb<typeof partyOperations.declareServiceStatus> = async (call) => {
  const { db, at, actor, params, body } = call
  if (!(await findUnit(db, params.id, actor.fspId))) throw new ProblemError('not-found', `You have no FU ${params.id}.`)
  const { inService, reason } = body
  const effectiveFrom = body.effectiveFrom === undefined ? at : instantOf(body.effectiveFrom)
  await db
    .insert(serviceStatus)
    .values({ fuId: params.id, effectiveFrom, declaredAt: at, inService, reason })
    .onConflictDoUpdate({
      target: [serviceStatus.fuId, serviceStatus.effectiveFrom, serviceStatus.declaredAt],
      set: { inService, reason },
    })
  call.audit({
    action: 'fu.service-status',
    subject: { type: 'fu', id: params.id },
    detail: { ...body, effectiveFrom: effectiveFrom.toString() },
  })
  call.announce('dispatch')
  return unitOf(db, at, params.id)
}
