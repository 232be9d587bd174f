import { LocalDate } from '@js-joda/core'
import { loadOperations } from '../../../schemas/planning/load.ts'
import { bind } from '../../kit/index.ts'
import { listTargetLevels } from './list-target-levels.ts'
import { saveLoadForecast } from './save-load-forecast.ts'
import { setTargetLevel } from './set-target-level.ts'
import { loadsOn } from './store.ts'
import { uploadLoads } from './upload-loads.ts'
import { viewForecast } from './views.ts'

export { type TargetLevel, targetLevelsOn } from './levels.ts'
export { loadsOn } from './store.ts'

/** Load forecasts and target levels of network nodes. */
export const load = bind(loadOperations, {
  uploadLoads,
  saveLoadForecast,
  setTargetLevel,
  listTargetLevels,
  async readLoadForecast({ db, params }) {
    const { nodeId, day } = params
    return viewForecast(params, (await loadsOn(db, LocalDate.parse(day), nodeId)).get(nodeId))
  },
})
