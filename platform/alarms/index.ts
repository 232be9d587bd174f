export { type AlarmEvent, alarmTransitions, raiseEvent } from './alarms.ts'
