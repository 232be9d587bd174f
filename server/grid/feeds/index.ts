export { feedRoutes } from './routes.ts'
export { checkFeeds, takeDelivery } from './service.ts'
