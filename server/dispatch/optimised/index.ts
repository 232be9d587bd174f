export { optimisationRoutes } from './routes.ts'
export { optimiseDay } from './service.ts'
