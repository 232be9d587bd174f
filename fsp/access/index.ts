export { accessApi } from './api.ts'
export { DepotAccess, type FirstAccess } from './service.ts'
