import type { Instant } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { emergencyOperations } from '../../../schemas/dispatch/board.ts'
import { nameOf, type Verb } from '../../kit/index.ts'
import { viewStop } from './store.ts'
import { dispatchStop } from './tables.ts'

/** What a stop does to instructions. */
export interface StopEffects {
  /** Ends the turn-downs of an FSP, or with `null` of every FSP; returns how many instructions were live. */
  endTurnDowns(tx: Queryable, at: Instant, fspId: string | null): Promise<number>
  /** Sends what is due, at once. */
  send(): Promise<void>
}

/**
 * Stops dispatch: instructions that have not been sent are superseded, those that may be in effect are ended by 0 W at once, and nothing
 * new is planned until the stop is lifted. Needs neither forecasts nor the optimiser.
 */
export function stopDispatch({ endTurnDowns, send }: StopEffects): Verb<typeof emergencyOperations.stopDispatch> {
  return async ({ at, actor, id, body, audit, announce, transaction }) => {
    const stop = { ...body, stopId: id, stoppedAt: at, stoppedBy: nameOf(actor), liftedAt: null, liftedBy: null }
    await transaction(async (tx) => {
      const made = await tx.insert(dispatchStop).values(stop).onConflictDoNothing().returning()
      if (made.length === 0) throw new ProblemError('conflict', 'Such a stop is already in force: lift it first.')
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
