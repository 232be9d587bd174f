import { experimentOperations } from '../../../schemas/dispatch/experiments.ts'
import { bind } from '../../kit/index.ts'
import { measuredSoFar, missingData } from './data-check.ts'
import { moveExperiment } from './move-experiment.ts'
import { saveExperiment } from './save-experiment.ts'
import { findExperiment, pageOfExperiments, viewExperiment } from './store.ts'
import { haltFigures, whatRan } from './what-ran.ts'

export { watchExperiments } from './jobs.ts'

/** Experiments: what is to be found out, what ran meanwhile, and what came of it. */
export const experiments = bind(experimentOperations, {
  listExperiments: ({ db, query }) => pageOfExperiments(db, query),

  async readExperiment({ db, at, params }) {
    const row = await findExperiment(db, params.experimentId)
    const isOver = row.state === 'analysis' || row.state === 'concluded'
    return {
      ...viewExperiment(row),
      ...(await whatRan(db, at, row)),
      figures: await haltFigures(db, at, row),
      // Nobody can mend now what an experiment that is over lacked: `measured` tells it.
      missing: isOver ? [] : await missingData(db, at, row),
      measured: await measuredSoFar(db, at, row),
    }
  },

  saveExperiment,
  moveExperiment,
})
