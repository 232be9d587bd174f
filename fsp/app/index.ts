export { depotCompany } from './parts.ts'
export { fspSealedColumns } from './sealed.ts'
export { type FspOptions, type RunningFsp, startFsp } from './start.ts'
