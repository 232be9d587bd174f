export { routeApi } from './api.ts'
export { type RouteEvent, RouteEvents } from './events.ts'
export { type RouteCosts, RouteFigures } from './figures.ts'
export { ForeignLimits } from './foreign-limits.ts'
