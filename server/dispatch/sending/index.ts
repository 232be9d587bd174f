import { LocalDate } from '@js-joda/core'
import { ProblemError } from '../../../platform/http/index.ts'
import { instructionOperations } from '../../../schemas/dispatch/instructions.ts'
import { dayEnd, dayStart, tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { bind, tenantOf } from '../../kit/index.ts'
import { pageOfInstructions, readInstruction, viewInstruction } from '../instructions/index.ts'
import { confirmInstruction } from './confirm-instruction.ts'
import { reportOnInstruction } from './report-on-instruction.ts'

export { createSender, type Sender } from './sending.ts'

/** Instructions as issued, what FSPs report about them, and what they answered by other means. */
export const instructions = bind(instructionOperations, {
  listInstructions({ db, at, actor, query: { day: asked, product, fuId, state, ...page } }) {
    const day = asked ? LocalDate.parse(asked) : tradingDayOf(at)
    const filter = {
      fspId: tenantOf(actor),
      product,
      from: dayStart(day),
      to: dayEnd(day),
      fuIds: fuId ? [fuId] : undefined,
      states: state ? [state] : undefined,
    }
    return pageOfInstructions(db, filter, page, viewInstruction)
  },

  async readInstruction({ db, actor, params: { id } }) {
    const found = await readInstruction(db, { instructionId: id, fspId: tenantOf(actor) })
    // FM40: to an FSP, another FSP's instruction does not exist.
    if (!found) throw new ProblemError('not-found', `There is no instruction ${id}.`)
    return found
  },

  reportOnInstruction,
  confirmInstruction,
})
