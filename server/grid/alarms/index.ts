export { alarmRoutes } from './routes.ts'
export { type AlarmSource, clearAlarm, type RaisedAlarm, raiseAlarm } from './service.ts'
export { countAlarms, openSources } from './store.ts'
export { alarm } from './tables.ts'
