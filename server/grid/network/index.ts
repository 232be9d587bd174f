import { writeCsv } from '../../../platform/csv/index.ts'
import type { Queryable } from '../../../platform/db/index.ts'
import { layoutOperations } from '../../../schemas/grid/layouts.ts'
import { networkOperations } from '../../../schemas/grid/network.ts'
import { bind, ownTransaction, tenantOf } from '../../kit/index.ts'
import { importNetwork } from './import-network.ts'
import { importOf, latestImports } from './import-progress.ts'
import { ownColumns } from './known-layouts.ts'
import { allLayouts } from './layouts.ts'
import { removeLayout, saveLayout } from './save-layout.ts'
import { allNodes, listNodes } from './store.ts'
import { viewForFsp } from './views.ts'

export { implausibleLoads } from './plausible-loads.ts'
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

/** The layouts of network files. */
export const layouts = bind(layoutOperations, {
  listLayouts: ({ db }) => allLayouts(db),
  saveLayout,
  removeLayout,
})

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
