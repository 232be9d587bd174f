import { ProblemError } from '../../../platform/http/index.ts'
import type { instructionOperations } from '../../../schemas/dispatch/instructions.ts'
import type { Verb } from '../../kit/index.ts'
import { listInstructions, viewInstruction } from '../instructions/index.ts'
import { recordAnswer } from './answers.ts'
import { recordAttempt } from './attempts.ts'
import { loadFacts } from './facts.ts'

/** FB08: a person records what an FSP answered by other means. From then on the instruction is like any other. */
export const confirmInstruction: Verb<typeof instructionOperations.confirmInstruction> = async (call) => {
  const { db, at, params, body } = call
  const instructionId = params.id
  const [row] = await listInstructions(db, { instructionId })
  if (!row) throw new ProblemError('not-found', `There is no instruction ${instructionId}.`)
  const answer =
    body.outcome === 'accepted'
      ? ({ instructionId, outcome: 'accepted' } as const)
      : ({ instructionId, outcome: 'refused', reason: body.reason, detail: body.note } as const)
  const moved = await recordAnswer(db, at, await loadFacts(db, at, [row]), row, answer)
  if (!moved)
    throw new ProblemError('conflict', `The instruction is ${row.state}: only one that was sent can be confirmed.`)
  await recordAttempt(db, instructionId, at, 'confirm', { outcome: `${body.outcome}: ${body.note}` })
  call.audit({ action: 'instruction.confirmed', subject: { type: 'instruction', id: instructionId }, detail: body })
  call.announce('dispatch')
  return viewInstruction(moved)
}
