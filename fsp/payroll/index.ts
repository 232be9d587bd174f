export { payrollApi } from './api.ts'
