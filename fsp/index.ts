export { type FspOptions, type RunningFsp, startFsp } from './app/index.ts'
