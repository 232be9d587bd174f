import type { Instant } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { emergencyOperations } from '../../../schemas/dispatch/board.ts'
import { nameOf, type Verb } from '../../kit/index.ts'
import { viewStop } from './store.ts'
import { dispatchStop } from './tables.ts'

/** What a stop does to instructions. */
export interface StopEffects {
  /** Ends what an FSP, or with `null` every FSP, is turned down by; returns how many instructions held. */
  endTurnDowns(tx: Queryable, at: Instant, fspId: string | null): Promise<number>
  /** Sends what has to go out, at once. */
  send(): Promise<void>
}

/**
 * Stops dispatch: what has not left is superseded, what may be in effect is ended by 0 W at once, and nothing new is planned until the
 * stop is lifted. It needs neither forecasts nor the optimiser.
 */
export function stopDispatch({ endTurnDowns, send }: StopEffects): Verb<typeof emergencyOperations.stopDispatch> {
  return async ({ at, actor, id, body, audit, announce, transaction }) => {
    const stop = { ...body, stopId: id, stoppedAt: at, stoppedBy: nameOf(actor), liftedAt: null, liftedBy: null }
    await transaction(async (tx) => {
      const made = await tx.insert(dispatchStop).values(stop).onConflictDoNothing().returning()
      if (made.length === 0) throw new ProblemError('conflict', 'A stop for this is in force already: lift it first.')
      const instructions = await endTurnDowns(tx, at, body.fspId)
      audit({
        action: 'dispatch.stopped',
        subject: { type: 'fsp', id: body.fspId ?? 'all' },
        detail: { reason: body.reason, instructions },
      })
    })
    announce('dispatch')
    await send()
    return viewStop(stop)
  }
}
