import { writeCsv } from '../../../platform/csv/index.ts'
import type { Queryable } from '../../../platform/db/index.ts'
import { networkOperations } from '../../../schemas/grid/network.ts'
import { bind, ownTransaction, tenantOf } from '../../kit/index.ts'
import { importNetwork } from './import-network.ts'
import { importOf, latestImports } from './import-progress.ts'
import { ownColumns } from './layouts.ts'
import { allNodes, listNodes } from './store.ts'
import { viewForFsp } from './views.ts'

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

/** The nodes that an FSP needs: the zones of tenders, and what feeds its FUs. */
export type NodesOfFsp = (db: Queryable, fspId: string) => Promise<string[]>

/** The tree of nodes, its import and export. An FSP sees `nodesOfFsp` with those above them, without loads and ratings (SEC19). */
export const networkFor = (nodesOfFsp: NodesOfFsp) =>
  bind(networkOperations, {
    importNetwork: ownTransaction(importNetwork),
    async listNodes({ db, actor, query }) {
      const fspId = tenantOf(actor)
      if (fspId === null) return listNodes(db, query)
      const page = await listNodes(db, query, await nodesOfFsp(db, fspId))
      return { ...page, items: page.items.map(viewForFsp) }
    },
    listNetworkImports: ({ db }) => latestImports(db),
    readNetworkImport: ({ db, params }) => importOf(db, params.id),

    async exportNetwork({ db }) {
      const nodes = await allNodes(db)
      const rows = nodes.map((n) => ownColumns.map((column) => (column === 'reserved' ? String(n[column]) : n[column])))
      return { content: writeCsv(ownColumns, rows), name: 'network.csv' }
    },
  })
