import { alarmOperations } from '../../../schemas/grid/alarms.ts'
import { bind } from '../../kit/index.ts'
import { acknowledgeAlarm } from './acknowledge-alarm.ts'
import { alarmFigures } from './figures.ts'
import { journalOf } from './journal.ts'
import { putInService, takeOutOfService } from './out-of-service.ts'
import { shelveAlarm, unshelveAlarm } from './shelve-alarm.ts'
import { listAlarms } from './store.ts'
import { takeAlarm } from './take-alarm.ts'

export { type AlarmSource, clearAlarm, raiseAlarm } from './raise.ts'
export { clearAlarms, raiseAlarms } from './raise-many.ts'
export { settleDelays } from './settle-delays.ts'
export { endShelving } from './shelve-alarm.ts'
export { countAlarms, openSources, pendingSources } from './store.ts'
export { releaseAlarms, suppressAlarms } from './suppress.ts'
export type { RaisedAlarm } from './tables.ts'

/** The alarms that operators handle. */
export const alarms = bind(alarmOperations, {
  acknowledgeAlarm,
  shelveAlarm,
  unshelveAlarm,
  takeAlarm,
  takeOutOfService,
  putInService,
  listAlarms: ({ db, query }) => listAlarms(db, query),
  readAlarmJournal: ({ db, params }) => journalOf(db, params.id),
  readAlarmFigures: ({ db, at, query }) => alarmFigures(db, at.minusSeconds(query.hours * 3_600), at, query.operators),
})
