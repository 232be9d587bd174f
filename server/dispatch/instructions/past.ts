import type { Queryable } from '../../../platform/db/index.ts'
import type { ServerContext } from '../../kit/index.ts'
import { type PlannedInstruction, rowOf } from './life.ts'
import { instruction } from './tables.ts'

/** What an instruction of a made-up past gives as its reason: it was never sent to anybody. */
export const syntheticReason = 'synthetic: made up for the demo, never sent'

/** How long after its issue an FSP is taken to have accepted, s. */
const acceptedAfterS = 2

/**
 * Records instructions of a demo's past as accepted and ended, each with the reason that it is made up: no timetable issued them, and no FSP
 * heard of them. Those that exist already stay. A live system refuses. Returns how many are new.
 */
export async function recordSynthetic(
  { environment }: Pick<ServerContext, 'environment'>,
  tx: Queryable,
  plans: readonly PlannedInstruction[],
): Promise<number> {
  if (environment !== 'demo') throw new Error('instructions are made up in a demo only')
  if (plans.length === 0) return 0
  const rows = plans.map((plan) => {
    const answeredAt = plan.plannedAt.plusSeconds(acceptedAfterS)
    return {
      ...rowOf(plan),
      state: 'ended' as const,
      reason: syntheticReason,
      issuedAt: plan.plannedAt,
      answeredAt,
      acknowledgedAt: answeredAt,
    }
  })
  const made = await tx
    .insert(instruction)
    .values(rows)
    .onConflictDoNothing()
    .returning({ id: instruction.instructionId })
  return made.length
}
