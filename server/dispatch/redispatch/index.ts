export { redispatch } from './service.ts'
