import { asc, inArray, sql } from 'drizzle-orm'
import { executePrepared, type Queryable, unfolded } from '../../../platform/db/index.ts'
import { problemOf } from '../../../platform/http/index.ts'
import type { AgreedCapacity, CapacityChange, connectionOperations } from '../../../schemas/grid/connections.ts'
import type { FieldError } from '../../../schemas/vocabulary/problem.ts'
import type { Call, ProposedAct } from '../../kit/index.ts'
import { connection, connectionMpan } from './tables.ts'

type ChangeCapacities = typeof connectionOperations.changeCapacities

/**
 * Changes the agreed capacities of many connections by one approval: a list that was agreed with the customers of an estate, or a correction
 * of the register. Nothing is changed unless every MPAN of it is known.
 */
export const changeCapacities: ProposedAct<ChangeCapacities, AgreedCapacity[]> = {
  async describe(call) {
    const { before, after } = await differing(call)
    if (after.length === 0) return null
    const [first] = after
    const of = after.length === 1 ? first?.name : `${after.length} connections`
    const reason = call.body.reason
    return {
      subject: { type: 'network', id: call.id },
      title: `Change the agreed capacities of ${of}`,
      before: byName(before),
      after: { reason, ...byName(after) },
    }
  },

  async carryOut(call) {
    const { before, after } = await differing(call)
    await executePrepared(
      call.db,
      sql`
      update connection c set asc_kva = x."ascKva", export_kva = x."exportKva", power_factor = x."powerFactor"
      from ${unfolded(after, '"connectionId" uuid, "ascKva" float8, "exportKva" float8, "powerFactor" float8')}
      where c.connection_id = x."connectionId"`,
    )
    if (after.length > 0)
      call.audit({
        action: 'connections.capacities-changed',
        subject: { type: 'network', id: call.id },
        detail: { reason: call.body.reason, before, after },
      })
    return after
  },
}

/**
 * For the person who approves: what each connection has, under its name and the beginning of its identifier, since names repeat. A dot or a
 * bracket of a name would read as a step in a path.
 */
function byName(connections: readonly AgreedCapacity[]) {
  const named = connections.map(({ connectionId, name, ...capacities }) => [
    `${name.replaceAll(/[.[\]]/g, ' ')} (${connectionId.slice(0, 8)})`,
    capacities,
  ])
  return Object.fromEntries(named)
}

/** The connections that would change, as they are and as they would be, by name; locked. */
async function differing({ db, body }: Call<ChangeCapacities>) {
  const present = await lockByMpan(db, body.changes)
  const pairs = [...present].flatMap(([change, now]) => {
    const { ascKva = now.ascKva, exportKva = now.exportKva, powerFactor = now.powerFactor } = change
    const wanted = { ...now, ascKva, exportKva, powerFactor }
    const isSame = ascKva === now.ascKva && exportKva === now.exportKva && powerFactor === now.powerFactor
    return isSame ? [] : [{ now, wanted }]
  })
  pairs.sort((a, b) => a.now.name.localeCompare(b.now.name) || a.now.connectionId.localeCompare(b.now.connectionId))
  return { before: pairs.map(({ now }) => now), after: pairs.map(({ wanted }) => wanted) }
}

/** The connection of each change, locked; a 422 names what is unknown, and what would change one connection twice. */
async function lockByMpan(
  db: Queryable,
  changes: readonly CapacityChange[],
): Promise<Map<CapacityChange, AgreedCapacity>> {
  const { connectionId, name, ascKva, exportKva, powerFactor } = connection
  const mpans = changes.map(({ mpan }) => mpan)
  const held = await db.select().from(connectionMpan).where(inArray(connectionMpan.mpan, mpans))
  const ids = [...new Set(held.map((row) => row.connectionId))]
  const rows = await db
    .select({ connectionId, name, ascKva, exportKva, powerFactor })
    .from(connection)
    .where(inArray(connection.connectionId, ids))
    .orderBy(asc(connection.connectionId))
    .for('update', { of: connection })
  const idOf = new Map(held.map((row) => [row.mpan, row.connectionId]))
  const rowOf = new Map(rows.map((row) => [row.connectionId, row]))
  const found = new Map<CapacityChange, AgreedCapacity>()
  const firstOf = new Map<string, number>()
  const errors: FieldError[] = []
  for (const [i, change] of changes.entries()) {
    const field = `changes[${i}].mpan`
    const row = rowOf.get(idOf.get(change.mpan) ?? '')
    const first = row && firstOf.get(row.connectionId)
    if (!row) errors.push({ field, message: `no connection has the MPAN ${change.mpan}` })
    else if (first !== undefined)
      errors.push({ field, message: `changes ${row.name} again, as changes[${first}] does` })
    else {
      firstOf.set(row.connectionId, i)
      found.set(change, row)
    }
  }
  if (errors.length > 0)
    throw problemOf({
      kind: 'contract-broken',
      detail: 'Nothing was changed: some MPANs are unknown, or belong to one connection.',
      errors,
    })
  return found
}
