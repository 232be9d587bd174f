export { type DepotActions, depotApi } from './api.ts'
export { DepotModes } from './modes.ts'
export { connectionLimitW, headroomW, profileLimitW } from './rules.ts'
export { SiteLoads } from './site-load.ts'
