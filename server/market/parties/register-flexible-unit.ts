import type { LocalDate } from '@js-joda/core'
import { and, gt, inArray, isNull, or, sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { must, ProblemError, problemOf, refuse } from '../../../platform/http/index.ts'
import type { partyOperations } from '../../../schemas/market/parties.ts'
import { brokenField } from '../../../schemas/vocabulary/outcome.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { connectionOfMpan, findGroup, findNode, mpansOf } from '../../grid/index.ts'
import type { Call, Verb } from '../../kit/index.ts'
import { mpansWithoutAuthority } from '../authorities/index.ts'
import { holdMemberships, join, joiningFlaws, rowsOf } from './memberships.ts'
import { constraintsFault, firstOfUnit, ratingFault } from './rules.ts'
import { unitOf } from './store.ts'
import { der, flexibleUnit, flexibleUnitDer } from './tables.ts'

/**
 * FA02: an FSP registers an FU with its first DERs: behind one connection, anywhere behind a node, or in a group of connections. It gets a
 * UUID.
 */
export const registerFlexibleUnit: Verb<typeof partyOperations.registerFlexibleUnit> = async (call) => {
  const { db, at, id, actor, body } = call
  const { name, maxTurnDownW, maxTurnUpW, limits = null, isWholeSite = false } = body
  if (new Set(body.derIds).size < body.derIds.length) throw problemOf(brokenField('derIds', 'names a DER twice'))
  await holdMemberships(db, actor.fspId)
  const ders = await db.select().from(der).where(inArray(der.derId, body.derIds))
  const foreign = body.derIds.find((derId) => ders.every((d) => d.derId !== derId || d.fspId !== actor.fspId))
  if (foreign) throw new ProblemError('not-found', `You have no DER ${foreign}.`)
  const place = await placeOf(call, ders)
  refuse(ratingFault(ders, body) ?? constraintsFault(limits, body))
  await requireAuthority(
    call,
    ders.map((d) => d.mpan),
    isWholeSite ? place.connectionId : null,
  )
  const today = tradingDayOf(at)
  await requireFree(db, body.derIds, today)
  await db
    .insert(flexibleUnit)
    .values({ fuId: id, fspId: actor.fspId, name, ...place, maxTurnDownW, maxTurnUpW, limits, isWholeSite })
  if (body.derIds.length > 0) {
    const given = rowsOf(body.derIds.map((derId) => ({ derId, fuId: id, from: today, until: null })))
    const known = sql`select der_id, connection_id from der where fsp_id = ${actor.fspId}::uuid`
    const [flaw] = await db.execute<{ message: string }>(joiningFlaws(given, known, actor.fspId, today))
    if (flaw) throw problemOf(brokenField('derIds', flaw.message))
    await join(db, given)
  }
  call.audit({ action: 'fu.registered', subject: { type: 'fu', id }, detail: { ...body } })
  call.announce('market')
  return unitOf(db, at, id)
}

type Registration = Call<typeof partyOperations.registerFlexibleUnit>

/** Where an FU's DERs are: the connection of them all, or what the FSP states. */
async function placeOf(
  { db, body: { nodeId, groupId, isWholeSite } }: Registration,
  ders: readonly (typeof der.$inferSelect)[],
): Promise<{ connectionId: string | null; nodeId: string; groupId: string | null }> {
  if (nodeId === undefined && groupId === undefined) {
    const first = must(firstOfUnit(ders))
    const connection = await connectionOfMpan(db, first.mpan)
    if (!connection) throw new Error(`connection of DER ${first.derId} is gone`)
    return { connectionId: connection.connectionId, nodeId: connection.nodeId, groupId: null }
  }
  if (isWholeSite)
    throw problemOf(brokenField('isWholeSite', 'is for an FU on one connection: omit nodeId and groupId'))
  if (groupId === undefined) {
    const found = await findNode(db, nodeId ?? '')
    if (!found) throw problemOf(brokenField('nodeId', `is not a node of the network: ${nodeId}`))
    return { connectionId: null, nodeId: found.nodeId, groupId: null }
  }
  const group = await findGroup(db, groupId)
  if (!group) throw problemOf(brokenField('groupId', `is not a group of connections: ${groupId}`))
  if (nodeId !== undefined && nodeId !== group.nodeId)
    throw problemOf(brokenField('nodeId', `is not the node of the group, ${group.nodeId}: omit it`))
  return { connectionId: null, nodeId: group.nodeId, groupId }
}

/** Refuses DERs that are in an FU already: an FSP moves them by an act of its own. */
async function requireFree(tx: Queryable, derIds: readonly string[], today: LocalDate): Promise<void> {
  if (derIds.length === 0) return
  const [taken] = await tx
    .select({ derId: flexibleUnitDer.derId })
    .from(flexibleUnitDer)
    .where(
      and(
        inArray(flexibleUnitDer.derId, [...derIds]),
        or(isNull(flexibleUnitDer.validUntil), gt(flexibleUnitDer.validUntil, today)),
      ),
    )
    .limit(1)
  if (!taken) return
  const detail = `derIds: ${taken.derId} already belongs to an FU; a DER can be in one only. Register the FU without it, and move it.`
  throw new ProblemError('conflict', detail)
}

/** Refuses an FU without authority over the MPANs of its DERs and, for a whole site, over all of the connection's (SEC03). */
async function requireAuthority(
  { db, at, actor }: Registration,
  ofDers: readonly string[],
  wholeConnectionId: string | null,
): Promise<void> {
  const today = tradingDayOf(at)
  const [without] = await mpansWithoutAuthority(db, actor.fspId, ofDers, today)
  if (without) throw problemOf(brokenField('derIds', `needs authority over the MPAN ${without}: apply for it first`))
  if (wholeConnectionId === null) return
  const all = (await mpansOf(db, [wholeConnectionId])).get(wholeConnectionId) ?? []
  if ((await mpansWithoutAuthority(db, actor.fspId, all, today)).length === 0) return
  const message =
    'needs authority over every MPAN of the connection: apply for the others, or register an FU that is not a whole site'
  throw problemOf(brokenField('isWholeSite', message))
}
