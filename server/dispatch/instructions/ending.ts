import type { Instant } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import { removeImpliedLimits } from '../../grid/index.ts'
import { carryOut, liveRow } from './replacing.ts'
import { later } from './rules/intervals.ts'
import { reconcile } from './rules/reconcile.ts'
import { stopReason } from './rules/states.ts'
import { lockLive } from './store.ts'

/**
 * Ends every turn-down of an FSP, or with `null` of all, from now on. Returns how many instructions were live. Each end is sent for as long
 * as the turn-down would last.
 */
export async function endTurnDowns(tx: Queryable, at: Instant, fspId: string | null): Promise<number> {
  const live = await lockLive(tx, { from: at, fspId })
  // Nothing is turned down for us from now on, whether or not the FSP can be told: its sites may import what they may otherwise.
  await removeImpliedLimits(
    tx,
    live.map((row) => row.instructionId),
  )
  const scope = { from: at, to: live.map((row) => row.toAt).reduce(later, at), isEmergency: true }
  await carryOut(tx, reconcile(live.map(liveRow), new Map(), scope), {
    at,
    reason: stopReason,
    originOf: () => undefined,
    issues: 'none',
    endsLate: true,
  })
  return live.length
}
