export { fspSealedColumns, type RunningFsp, startFsp } from './app/index.ts'
