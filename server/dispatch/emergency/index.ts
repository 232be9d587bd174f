import { emergencyOperations } from '../../../schemas/dispatch/board.ts'
import { bind, ownTransaction, type Verbs } from '../../kit/index.ts'
import { liftStop } from './lift-stop.ts'
import { type StopEffects, stopDispatch } from './stop-dispatch.ts'
import { pageOfStops } from './store.ts'

export type { StopEffects } from './stop-dispatch.ts'
export { isStoppedAt, type Stop, stoppedUnits, stopsIn } from './store.ts'

/** Emergency stops. @param effects what a stop does to instructions, provided by the folders above this one. */
export function emergency(effects: StopEffects) {
  const verbs: Verbs<typeof emergencyOperations> = {
    stopDispatch: ownTransaction(stopDispatch(effects)),
    listStops: ({ db, query }) => pageOfStops(db, query),
    liftStop,
  }
  return bind(emergencyOperations, verbs, { pool: 'dispatch' })
}
