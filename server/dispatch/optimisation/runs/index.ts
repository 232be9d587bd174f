import { LocalDate } from '@js-joda/core'
import { ProblemError } from '../../../../platform/http/index.ts'
import { choiceOperations } from '../../../../schemas/dispatch/choices.ts'
import { optimisationOperations } from '../../../../schemas/dispatch/optimisation.ts'
import { choiceSettings } from '../../../../schemas/settings/dispatch.ts'
import { bind, figuresAt, ownTransaction, tenantOf, type Verb } from '../../../kit/index.ts'
import { findUnit, listFlexibleUnits } from '../../../market/index.ts'
import { optimiseDay } from './optimise-day.ts'
import { explainUnit, pageOfChoices, pageOfLatestChoices, pageOfRuns } from './store.ts'

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

/** What an FSP reads of the choice between its FUs and those of others. */
export const choices = bind(choiceOperations, {
  async listLatestChoices({ db, at, actor, query: { day, ...page } }) {
    const fspId = tenantOf(actor)
    const fuIds = fspId === null ? null : (await listFlexibleUnits(db, at, { fspId })).map(({ fuId }) => fuId)
    const { fspsForPrice } = await figuresAt(db, choiceSettings, at)
    return pageOfLatestChoices(db, { fuIds, day: LocalDate.parse(day), fspsForPrice }, page)
  },

  async listUnitChoices({ db, at, actor, params, query: { day, product, ...page } }) {
    const unit = await findUnit(db, params.id, tenantOf(actor))
    if (!unit) throw new ProblemError('not-found', `There is no FU ${params.id}.`)
    const { fspsForPrice } = await figuresAt(db, choiceSettings, at)
    return pageOfChoices(db, { fuId: params.id, day: LocalDate.parse(day), product, fspsForPrice }, page)
  },
})
