import { LocalDate } from '@js-joda/core'
import { ProblemError } from '../../../../platform/http/index.ts'
import { optimisationOperations } from '../../../../schemas/dispatch/optimisation.ts'
import { bind, ownTransaction, type Verb } from '../../../kit/index.ts'
import { optimiseDay } from './optimise-day.ts'
import { explainUnit, pageOfRuns } from './store.ts'

export { explain } from './explaining.ts'
export { contractAt, type Facts, modelUnit, plannedW, priceTextOf, readFacts } from './flexibility.ts'
export type { DayInputs } from './inputs.ts'
export { buildModel, type ModelUnit } from './model.ts'
export { optimiseDay, usualEffort } from './optimise-day.ts'
export { solveModel } from './solving.ts'
export { latestChoice } from './store.ts'

const optimise: Verb<typeof optimisationOperations.optimise> = ({ context, actor, body }) =>
  optimiseDay(context, actor, LocalDate.parse(body.tradingDay), body.product)

/** Runs of the optimisation, and the explanation of what they chose. */
export const optimisations = bind(optimisationOperations, {
  optimise: ownTransaction(optimise),

  listOptimisations: ({ db, query: { day, product, ...page } }) => pageOfRuns(db, LocalDate.parse(day), product, page),

  async explainChoice({ db, params: { runId, fuId } }) {
    const found = await explainUnit(db, runId, fuId)
    if (!found) throw new ProblemError('not-found', `Run ${runId} did not consider FU ${fuId}.`)
    return found
  },
})
