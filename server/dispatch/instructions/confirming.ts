import type { z } from 'zod'
import { ProblemError } from '../../../platform/http/index.ts'
import type { instructionConfirmation } from '../../../schemas/dispatch/instructions.ts'
import { type Actor, recordAudit, type ServerContext } from '../../kit/index.ts'
import { recordAnswer } from './answers.ts'
import { loadFacts } from './facts.ts'
import { type InstructionRow, listInstructions, recordAttempt } from './store.ts'

/** FB08: a person records what an FSP answered by other means. From then on the instruction is like any other. */
export async function confirmInstruction(
  context: ServerContext,
  actor: Actor,
  instructionId: string,
  given: z.infer<typeof instructionConfirmation>,
): Promise<InstructionRow> {
  const at = context.clock.now()
  const confirmed = await context.db.transaction(async (tx) => {
    const [row] = await listInstructions(tx, { instructionId })
    if (!row) throw new ProblemError('not-found', `There is no instruction ${instructionId}.`)
    const answer =
      given.outcome === 'accepted'
        ? ({ instructionId, outcome: 'accepted' } as const)
        : ({ instructionId, outcome: 'refused', reason: given.reason, detail: given.note } as const)
    const moved = await recordAnswer(tx, at, await loadFacts(tx, at, [row]), row, answer)
    if (!moved)
      throw new ProblemError('conflict', `The instruction is ${row.state}: only one that was sent can be confirmed.`)
    await recordAttempt(tx, instructionId, at, 'confirm', `${given.outcome}: ${given.note}`)
    await recordAudit(tx, at, actor, {
      action: 'instruction.confirmed',
      subject: { type: 'instruction', id: instructionId },
      detail: given,
    })
    return moved
  })
  context.announce('dispatch')
  return confirmed
}
