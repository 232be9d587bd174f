import { ProblemError } from '../../../platform/http/index.ts'
import type { liveReadingOperations } from '../../../schemas/dispatch/live-readings.ts'
import { tenantOf, type Verb } from '../../kit/index.ts'
import { findUnit } from '../../market/index.ts'
import { pageOfReadings } from './store.ts'

type List = typeof liveReadingOperations.listLiveReadings

/** The live readings of an FU. To an FSP, another FSP's FU does not exist (FM40). */
export const listLiveReadings: Verb<List> = async ({ db, actor, params, query }) => {
  const unit = await findUnit(db, params.id, tenantOf(actor))
  if (!unit) throw new ProblemError('not-found', `There is no FU ${params.id}.`)
  return pageOfReadings(db, params.id, query)
}
