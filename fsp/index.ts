export { type RunningFsp, startFsp } from './app/index.ts'
