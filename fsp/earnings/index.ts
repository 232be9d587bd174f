export { earningsApi } from './api.ts'
export { depotTariffs } from './depot-tariffs.ts'
export { Earnings } from './earnings.ts'
