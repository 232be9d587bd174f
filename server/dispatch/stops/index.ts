export { stoppedUnits, stopsInForce } from './store.ts'
