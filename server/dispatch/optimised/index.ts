export { optimisationRoutes } from './routes.ts'
export { optimiseDay, usualEffort } from './service.ts'
