import type { meteringOperations } from '../../../schemas/settlement/metering.ts'
import type { Verb } from '../../kit/index.ts'
import { readingsFromCsv } from './csv.ts'
import { Intake } from './intake.ts'
import { type OnPastData, takeUpload } from './take-upload.ts'

/** FA04 as a CSV file, read as it arrives. */
export function uploadReadingFile(onPastData: OnPastData): Verb<typeof meteringOperations.uploadReadingFile> {
  return (call) => {
    const intake = new Intake()
    const head = { fuId: call.params.id, ...call.query }
    const readings = readingsFromCsv(call.body, intake)
    const fieldOf = (place: number, column?: 'at') => `line ${place}${column ? ', at' : ''}`
    return takeUpload(call, { readings, fieldOf, head: () => head }, intake, onPastData)
  }
}
