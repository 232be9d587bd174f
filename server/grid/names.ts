import { namerOf } from '../kit/index.ts'
import { connection, connectionGroup } from './connections/tables.ts'
import { hub } from './hubs/tables.ts'
import { node } from './network/tables.ts'

/** The names of what the grid's wing keeps, by kind. */
export const gridNames = {
  connection: namerOf(connection, connection.connectionId, connection.name),
  'connection-group': namerOf(connectionGroup, connectionGroup.groupId, connectionGroup.name),
  hub: namerOf(hub, hub.hubId, hub.name),
  node: namerOf(node, node.nodeId, node.name),
}
