import { eq, sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError, problemOf } from '../../../platform/http/index.ts'
import { type ConnectionGroup, groupOperations } from '../../../schemas/grid/groups.ts'
import { brokenField } from '../../../schemas/vocabulary/outcome.ts'
import { afterCursor, bind, pageFrom } from '../../kit/index.ts'
import { requireNode } from './master-data.ts'
import { connectionGroup } from './tables.ts'

/** A group of connections; `null` if unknown. */
export async function findGroup(tx: Queryable, groupId: string) {
  const [row] = await tx.select().from(connectionGroup).where(eq(connectionGroup.groupId, groupId))
  return row ?? null
}

/** Groups of connections. */
export const groups = bind(groupOperations, {
  async makeConnectionGroup({ db, id: groupId, body: { name, nodeId, mpans }, audit }) {
    await requireNode(db, nodeId)
    const [made] = await db.insert(connectionGroup).values({ groupId, name, nodeId }).onConflictDoNothing().returning()
    if (!made) throw new ProblemError('conflict', `name: there is a group ${name} already.`)
    await addMembers(db, made, mpans)
    const subject = { type: 'connection-group', id: groupId }
    audit({ action: 'connection-group.made', subject, detail: { name, nodeId, mpans } })
    return viewOf(db, groupId)
  },

  async addToConnectionGroup({ db, params: { id }, body: { mpans }, audit }) {
    const found = await findGroup(db, id)
    if (!found) throw new ProblemError('not-found', `There is no group ${id}.`)
    await addMembers(db, found, mpans)
    audit({ action: 'connection-group.extended', subject: { type: 'connection-group', id }, detail: { mpans } })
    return viewOf(db, id)
  },

  async listConnectionGroups({ db, query }) {
    const sorted = [connectionGroup.name, connectionGroup.groupId]
    const rows = await db
      .select(groupColumns)
      .from(connectionGroup)
      .where(afterCursor(query, sorted))
      .orderBy(...sorted)
      .limit(query.limit + 1)
    return pageFrom(
      rows,
      query,
      (row) => [row.name, row.groupId],
      (row) => row,
    )
  },
})

const groupColumns = {
  groupId: connectionGroup.groupId,
  name: connectionGroup.name,
  nodeId: connectionGroup.nodeId,
  connections: sql<number>`(
    select count(*)::int from connection_group_member m where m.group_id = connection_group.group_id)`,
}

async function viewOf(tx: Queryable, groupId: string): Promise<ConnectionGroup> {
  const [row] = await tx.select(groupColumns).from(connectionGroup).where(eq(connectionGroup.groupId, groupId))
  if (!row) throw new Error(`group ${groupId} is gone`)
  return row
}

/** Adds the connections of some MPANs, if all of them are known and fed through the group's node. */
async function addMembers(
  tx: Queryable,
  { groupId, nodeId }: typeof connectionGroup.$inferSelect,
  mpans: readonly string[],
): Promise<void> {
  const given = sql`(select value as mpan from json_array_elements_text(${JSON.stringify(mpans)}::text::json))`
  const [outside] = await tx.execute<{ mpan: string; isKnown: boolean }>(sql`
    with recursive below as (
      select ${nodeId}::text as node_id
      union all select n.node_id from network_node n join below on n.parent_id = below.node_id
    )
    select g.mpan, c.connection_id is not null as "isKnown"
    from ${given} g left join connection_mpan m on m.mpan = g.mpan
      left join connection c on c.connection_id = m.connection_id
    where c.connection_id is null or c.node_id not in (select node_id from below)
    limit 1`)
  if (outside) {
    const what = outside.isKnown
      ? `${outside.mpan} is not fed through ${nodeId}`
      : `no connection holds ${outside.mpan}`
    throw problemOf(brokenField('mpans', what))
  }
  await tx.execute(sql`
    insert into connection_group_member (group_id, connection_id)
    select distinct ${groupId}::uuid, m.connection_id from ${given} g join connection_mpan m on m.mpan = g.mpan
    on conflict do nothing`)
}
