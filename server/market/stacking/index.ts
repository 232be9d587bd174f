export { firstConflict, type ServiceSpan } from './rules.ts'
export { type ServiceRow, serviceToOthers } from './tables.ts'
