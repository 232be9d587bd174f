export { processApi } from './api.ts'
export { ProcessHealth, type ProcessName, type RunFigures } from './health.ts'
