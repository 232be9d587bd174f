export { firstVans, vanDepotOf } from './first-vans.ts'
export { type RunningHomesFsp, startHomesFsp } from './start.ts'
