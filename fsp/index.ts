export { type FspOptions, fspSealedColumns, type RunningFsp, startFsp } from './app/index.ts'
export { keyFrom } from './kit/index.ts'
