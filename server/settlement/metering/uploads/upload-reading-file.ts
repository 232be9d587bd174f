import type { meteringOperations } from '../../../../schemas/settlement/metering.ts'
import { type Call, fileAfter } from '../../../kit/index.ts'
import { requireUnit } from '../days/index.ts'
import { readingsFromCsv } from './csv.ts'
import { Intake } from './intake.ts'
import { type OnPastData, takeUpload } from './take-upload.ts'

/** FA04 as a CSV file, of which nothing is read unless the FU is the sender's. */
export function uploadReadingFile(onPastData: OnPastData) {
  return fileAfter<typeof meteringOperations.uploadReadingFile>(requireOwnUnit, (call) => {
    const intake = new Intake()
    const { zone, ...query } = call.query
    const head = { fuId: call.params.id, ...query }
    const readings = readingsFromCsv(call.body, intake, zone)
    const fieldOf = (place: number, column?: 'at') => `line ${place}${column ? ', at' : ''}`
    return takeUpload(call, { readings, fieldOf, head: () => head }, intake, onPastData)
  })
}

const requireOwnUnit = ({ db, actor, params }: Omit<Call<typeof meteringOperations.uploadReadingFile>, 'body'>) =>
  requireUnit(db, actor, params.id)
