export { deliveredOn } from './delivered.ts'
export { statementRoutes } from './routes.ts'
export { prepareStatement } from './service.ts'
