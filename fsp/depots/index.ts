export { type DepotActions, depotApi } from './api.ts'
export { DepotModes } from './modes.ts'
export { agreedLimitW, headroomW } from './rules.ts'
export { SiteLoads } from './site-load.ts'
