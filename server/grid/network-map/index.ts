import { encodeTile, pointLayer } from '../../../platform/geography/index.ts'
import type { MapNode, MapNodes } from '../../../schemas/grid/network-map.ts'
import { networkMapOperations } from '../../../schemas/grid/network-map.ts'
import { bind, type Call, keyIn, notACursor, pageFrom, report } from '../../kit/index.ts'
import { keptHeadroom, keptSketch } from './kept.ts'
import { alarmNodes, hubNodes, type LayerNodes, type TendersAt, tenderNodes } from './layers.ts'
import { byUrgency, countsOf, inOrder, type PlacedNode, type Urgency, urgencyOf } from './rules.ts'

export type { TenderAt, TendersAt } from './layers.ts'

type MapCall = Pick<Call<typeof networkMapOperations.listMapNodes>, 'context' | 'db' | 'at' | 'params'>

/** The network on a map. `tendersAt` reads which tenders are not over, which is the market's to know. */
export const networkMap = (tendersAt: TendersAt) =>
  bind(networkMapOperations, {
    listMapNodes: report(async (call) => {
      const { query } = call
      const { at, nodes, withoutNode } = await layerOf(call, tendersAt)
      const rows = query.cursor === undefined ? nodes : after(nodes, keyIn(query.cursor))
      return {
        ...pageFrom(
          rows,
          query,
          ({ node }) => [...urgencyOf(node)],
          ({ node }) => node,
        ),
        at: at.toString(),
        counts: countsOf(nodes),
        withoutPlace: nodes.filter(({ place }) => place === null).length,
        withoutNode,
        bounds: (await keptSketch(call.context, call.db, call.at)).bounds,
      } satisfies MapNodes
    }),
    readMapTile: report(async (call) => {
      const { nodes } = await layerOf(call, tendersAt)
      const sketch = await keptSketch(call.context, call.db, call.at)
      const address = { z: call.params.z, x: call.params.x, y: call.params.y }
      return { content: encodeTile({ nodes: pointLayer(nodes, address, tagsOf), ...sketch.tile(address) }) }
    }),
  })

async function layerOf({ context, db, at, params: { layer } }: MapCall, tendersAt: TendersAt) {
  if (layer === 'headroom') return { ...(await keptHeadroom(context, db, at)), withoutNode: 0 }
  const { nodes, withoutNode } = await readLayer()
  return { at, nodes: inOrder(nodes), withoutNode }

  async function readLayer(): Promise<LayerNodes> {
    if (layer === 'hubs') return hubNodes(db)
    return layer === 'alarms' ? alarmNodes(db) : tenderNodes(db, await tendersAt(db, at))
  }
}

/** What follows on a page that ended where a cursor says; where that node is no longer there, what would follow it. */
function after(nodes: readonly PlacedNode[], key: readonly (string | number)[]): readonly PlacedNode[] {
  const [state, amount, nodeId] = key
  if (typeof state !== 'number' || typeof amount !== 'number' || typeof nodeId !== 'string') throw notACursor()
  const last: Urgency = [state, amount, nodeId]
  const next = nodes.findIndex(({ node }) => byUrgency(urgencyOf(node), last) > 0)
  return next < 0 ? [] : nodes.slice(next)
}

/** What a mark on the map says: everything but where it is. */
function tagsOf({ node }: PlacedNode): Record<string, string | number | null> {
  const { nodeId, name, kind, state } = node
  return { nodeId, name, kind, state, ...amounts(node) }
}

function amounts(node: MapNode): Record<string, number | null> {
  return node.layer === 'headroom' ? { leastHeadroomW: node.leastHeadroomW, capacityW: node.capacityW } : {}
}
