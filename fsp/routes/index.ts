export { routeApi } from './api.ts'
export { type RouteCosts, RouteFigures } from './figures.ts'
export { ForeignLimits } from './foreign-limits.ts'
export { Gateways, gatewayDoor, gatewayMessages, gatewaysFor } from './gateways/index.ts'
