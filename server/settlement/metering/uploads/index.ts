import { meteringOperations } from '../../../../schemas/settlement/metering.ts'
import { bind, proposed, report, tenantOf } from '../../../kit/index.ts'
import {
  listCompleteness,
  listUnitCompleteness,
  listUnitMeters,
  readMeterEvidence,
  readMeteredDay,
  stateMeter,
} from '../days/index.ts'
import { decideOnHeldUpload } from './decide-on-held-upload.ts'
import { pageOfHolds } from './holds.ts'
import type { OnPastData } from './take-upload.ts'
import { uploadReadingFile } from './upload-reading-file.ts'
import { uploadReadings } from './upload-readings.ts'

/** Meter data. `onPastData` is called with each FU that received data of days before today. */
export function meteringTelling(onPastData: OnPastData) {
  return bind(meteringOperations, {
    uploadReadings: uploadReadings(onPastData),
    uploadReadingFile: uploadReadingFile(onPastData),
    decideOnHeldUpload: proposed(decideOnHeldUpload(onPastData)),
    readMeteredDay,
    listUnitMeters,
    stateUnitMeter: proposed(stateMeter),
    readMeterEvidence: report(readMeterEvidence),
    listUnitCompleteness,
    listCompleteness: report(listCompleteness),
    listHeldUploads: ({ db, actor, query }) => pageOfHolds(db, tenantOf(actor), query),
  })
}
