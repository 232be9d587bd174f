export { networkRoutes } from './routes.ts'
export { isBehind, type NewNode, type PathNode, pathOf, saveNode } from './store.ts'
export { node } from './tables.ts'
