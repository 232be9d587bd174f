import { randomUUID } from 'node:crypto'
import type { Instant } from '@js-joda/core'
import { and, eq, isNull } from 'drizzle-orm'
import type { z } from 'zod'
import type { Queryable } from '../../../platform/db/index.ts'
import { codeOf } from '../../../platform/errors/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { emergencyStop, newEmergencyStop } from '../../../schemas/dispatch/board.ts'
import { type Actor, nameOf, recordAudit, type ServerContext } from '../../kit/index.ts'
import { type InstructionRow, lockLive, moveOn, planInstructions } from '../instructions/index.ts'
import { viewStop } from '../stops/index.ts'
import { dispatchStop } from '../stops/tables.ts'

type Stop = z.infer<typeof emergencyStop>

/**
 * Stops dispatch: what has not left is superseded, what may be in effect is ended by 0 W at once, and nothing new is planned until the
 * stop is lifted. It needs neither forecasts nor the optimiser.
 */
export async function stopDispatch(
  context: ServerContext,
  actor: Actor,
  given: z.infer<typeof newEmergencyStop>,
): Promise<Stop> {
  const at = context.clock.now()
  const row = {
    stopId: randomUUID(),
    fspId: given.fspId,
    reason: given.reason,
    stoppedAt: at,
    stoppedBy: nameOf(actor),
    liftedAt: null,
    liftedBy: null,
  }
  try {
    await context.db.transaction(async (tx) => {
      await tx.insert(dispatchStop).values(row)
      const live = await lockLive(tx, at, given.fspId ? { fspId: given.fspId } : {})
      for (const instruction of live) if (instruction.turnDownW > 0) await end(tx, at, instruction)
      await recordAudit(tx, at, actor, {
        action: 'dispatch.stopped',
        subject: { type: 'fsp', id: given.fspId ?? 'all' },
        detail: { reason: given.reason, instructions: live.length },
      })
    })
  } catch (error) {
    if (codeOf(error) === '23505')
      throw new ProblemError('conflict', 'A stop for this is in force already: lift it first.')
    throw error
  }
  context.announce('dispatch')
  return viewStop(row)
}

async function end(tx: Queryable, at: Instant, row: InstructionRow): Promise<void> {
  if (!(await moveOn(tx, row, 'supersede', { reason: 'emergency stop', nextAttemptAt: null }))) return
  if (row.state === 'planned') return
  const from = row.fromAt.isAfter(at) ? row.fromAt : at
  await planInstructions(tx, [
    {
      fuId: row.fuId,
      fspId: row.fspId,
      product: row.product,
      plannedAt: at,
      expiresAt: row.toAt,
      scheduleKind: row.scheduleKind,
      scheduleVersion: row.scheduleVersion,
      intervals: [{ from, to: row.toAt, turnDownW: 0 }],
      revision: row.revision + 1,
      supersedes: row.instructionId,
    },
  ])
}

/** Lifts a stop. What it ended stays ended; the next ticks dispatch again. */
export async function liftStop(context: ServerContext, actor: Actor, stopId: string): Promise<Stop> {
  const at = context.clock.now()
  const row = await context.db.transaction(async (tx) => {
    const [lifted] = await tx
      .update(dispatchStop)
      .set({ liftedAt: at, liftedBy: nameOf(actor) })
      .where(and(eq(dispatchStop.stopId, stopId), isNull(dispatchStop.liftedAt)))
      .returning()
    if (!lifted) throw new ProblemError('not-found', `There is no stop ${stopId} in force.`)
    await recordAudit(tx, at, actor, {
      action: 'dispatch.stop-lifted',
      subject: { type: 'fsp', id: lifted.fspId ?? 'all' },
    })
    return lifted
  })
  context.announce('dispatch')
  return viewStop(row)
}
