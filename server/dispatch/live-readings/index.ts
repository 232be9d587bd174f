import { liveReadingOperations } from '../../../schemas/dispatch/live-readings.ts'
import { bind } from '../../kit/index.ts'
import { listLiveReadings } from './list-live-readings.ts'
import { sendLiveReadings } from './send-live-readings.ts'

export { forgetLiveReadings, readingsBetween } from './store.ts'

/** What FUs draw while a turn-down runs, by their FSPs. */
export const liveReadings = bind(liveReadingOperations, { sendLiveReadings, listLiveReadings })
