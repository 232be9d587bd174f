export { networkRoutes } from './routes.ts'
export {
  allNodes,
  findNode,
  isBehind,
  listNodes,
  type NewNode,
  type PathNode,
  pathOf,
  saveNode,
  subtreeOf,
} from './store.ts'
export { node } from './tables.ts'
