import { writeCsv } from '../../../platform/csv/index.ts'
import { networkOperations } from '../../../schemas/grid/network.ts'
import { bind, ownTransaction } from '../../kit/index.ts'
import { importNetwork } from './import-network.ts'
import { importOf, latestImports } from './import-progress.ts'
import { ownColumns } from './layouts.ts'
import { allNodes, listNodes } from './store.ts'

export {
  allNodes,
  findNode,
  isBehind,
  listNodes,
  type NewNode,
  pathOf,
  saveNode,
  subtreeOf,
} from './store.ts'

/** The tree of nodes, its import and export. */
export const network = bind(networkOperations, {
  importNetwork: ownTransaction(importNetwork),
  listNodes: ({ db, query }) => listNodes(db, query),
  listNetworkImports: ({ db }) => latestImports(db),
  readNetworkImport: ({ db, params }) => importOf(db, params.id),

  async exportNetwork({ db }) {
    const nodes = await allNodes(db)
    const rows = nodes.map((n) => ownColumns.map((column) => (column === 'reserved' ? String(n[column]) : n[column])))
    return { content: writeCsv(ownColumns, rows), name: 'network.csv' }
  },
})
