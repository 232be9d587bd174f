export { depotCompany, type FspOptions, fspSealedColumns, type RunningFsp, startFsp } from './app/index.ts'
export type { ReceivedInterval } from './flexibility/index.ts'
export { firstVans, type RunningHomesFsp, startHomesFsp, vanDepotOf } from './homes/index.ts'
export { keyFrom } from './kit/index.ts'
