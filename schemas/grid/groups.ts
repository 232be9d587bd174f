import { z } from 'zod'
import { people, readers } from '../vocabulary/access.ts'
import { identifier } from '../vocabulary/bounds.ts'
import { operation } from '../vocabulary/operation.ts'
import { pageOf, pageQuery } from '../vocabulary/paging.ts'
import { mpan, uuid } from '../vocabulary/units.ts'

const mpans = z.array(mpan).min(1).max(10_000)

/** Connections that the DNO treats as one place of the network: all are fed through the node. They are named by their MPANs. */
export const newConnectionGroup = z
  .object({ name: z.string().trim().min(3).max(100), nodeId: identifier, mpans })
  .meta({
    id: 'NewConnectionGroup',
    example: { name: 'Homes of Almeida Street', nodeId: 'lpn-islington-lv', mpans: ['1200000000013'] },
  })

export const connectionGroup = z
  .object({ groupId: uuid, name: z.string(), nodeId: z.string(), connections: z.number().int() })
  .meta({ id: 'ConnectionGroup' })
export type ConnectionGroup = z.infer<typeof connectionGroup>

const moreConnections = z.object({ mpans }).meta({ id: 'MoreConnections', example: { mpans: ['1200000000013'] } })

const tags = ['Connections']

/** Groups of connections, which an FU may be spread over. */
export const groupOperations = {
  makeConnectionGroup: operation({
    method: 'post',
    path: '/connection-groups',
    access: people('planner', 'flexibility-engineer'),
    tags,
    summary: 'Make a group of connections that FUs may be spread over',
    body: newConnectionGroup,
    answer: connectionGroup,
    problems: ['conflict'],
    idempotent: true,
  }),
  addToConnectionGroup: operation({
    method: 'post',
    path: '/connection-groups/{id}/connections',
    access: people('planner', 'flexibility-engineer'),
    tags,
    summary: 'Add connections to a group; those that are in it already stay',
    params: z.object({ id: uuid.meta({ description: 'As GET /connection-groups lists it.' }) }),
    body: moreConnections,
    answer: connectionGroup,
    problems: ['not-found'],
  }),
  listConnectionGroups: operation({
    method: 'get',
    path: '/connection-groups',
    access: readers,
    tags,
    summary: 'Groups of connections, by name',
    query: pageQuery(),
    answer: pageOf(connectionGroup),
    problems: ['malformed'],
  }),
}
