export { tenderRoutes } from './routes.ts'
export { type ContractTerm, contractedPeriods, isContracted } from './rules.ts'
export { listContracts, termOf } from './store.ts'
