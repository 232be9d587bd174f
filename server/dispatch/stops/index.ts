export { listStops, stoppedUnits, viewStop } from './store.ts'
