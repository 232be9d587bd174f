export { sendNotices } from './notices.ts'
export { alarmRoutes } from './routes.ts'
export {
  type AlarmSource,
  clearAlarm,
  endShelving,
  type RaisedAlarm,
  raiseAlarm,
  releaseAlarms,
  suppressAlarms,
} from './service.ts'
export { countAlarms, openSources } from './store.ts'
