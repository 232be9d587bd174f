import { and, eq, isNull } from 'drizzle-orm'
import { ProblemError } from '../../../platform/http/index.ts'
import type { emergencyOperations } from '../../../schemas/dispatch/board.ts'
import { nameOf, type Verb } from '../../kit/index.ts'
import { viewStop } from './store.ts'
import { dispatchStop } from './tables.ts'

/** Lifts a stop. Instructions that it ended stay ended; the next ticks dispatch again. */
export const liftStop: Verb<typeof emergencyOperations.liftStop> = async ({ db, at, actor, params, ...call }) => {
  const [lifted] = await db
    .update(dispatchStop)
    .set({ liftedAt: at, liftedBy: nameOf(actor) })
    .where(and(eq(dispatchStop.stopId, params.id), isNull(dispatchStop.liftedAt)))
    .returning()
  if (!lifted) throw new ProblemError('not-found', `There is no stop ${params.id} in force.`)
  call.audit({ action: 'dispatch.stop-lifted', subject: { type: 'fsp', id: lifted.fspId ?? 'all' } })
  call.announce('dispatch')
  return viewStop(lifted)
}
