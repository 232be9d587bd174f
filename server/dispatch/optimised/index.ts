export { optimisationRoutes } from './routes.ts'
export { optimiseDay, usualEffort } from './service.ts'
export { latestChoice } from './store.ts'
