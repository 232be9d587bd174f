export { feedRoutes } from './routes.ts'
export { checkFeeds } from './service.ts'
