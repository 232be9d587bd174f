import type { meteringOperations } from '../../../../schemas/settlement/metering.ts'
import { streamed } from '../../../kit/index.ts'
import { Intake } from './intake.ts'
import { JsonUpload } from './json.ts'
import { type OnPastData, takeUpload } from './take-upload.ts'

/** FA04 as JSON, read as it arrives: hundreds of thousands of readings need not fit into memory. */
export function uploadReadings(onPastData: OnPastData) {
  return streamed<typeof meteringOperations.uploadReadings>((call) => {
    const intake = new Intake()
    const json = new JsonUpload(call.body, intake)
    const fieldOf = (place: number, column?: 'at') => `readings[${place}]${column ? '.at' : ''}`
    return takeUpload(call, { readings: json.readings, fieldOf, head: () => json.head() }, intake, onPastData)
  })
}
