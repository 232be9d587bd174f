import { inArray } from 'drizzle-orm'
import { codeOf } from '../../../platform/errors/index.ts'
import { must, ProblemError, problemOf, refuse } from '../../../platform/http/index.ts'
import type { partyOperations } from '../../../schemas/market/parties.ts'
import { brokenField } from '../../../schemas/vocabulary/outcome.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { connectionOfMpan, mpansOf } from '../../grid/index.ts'
import type { Call, Verb } from '../../kit/index.ts'
import { mpansWithoutAuthority } from '../authorities/index.ts'
import { constraintsFault, firstOfUnit } from './rules.ts'
import { unitOf } from './store.ts'
import { der, flexibleUnit, flexibleUnitDer } from './tables.ts'

/** FA02: an FSP registers one or more of its DERs, all behind the same connection, as an FU, which gets a UUID. */
export const registerFlexibleUnit: Verb<typeof partyOperations.registerFlexibleUnit> = async (call) => {
  const { db, at, id, actor, body } = call
  const { name, maxTurnDownW, limits = null, isWholeSite = false } = body
  if (new Set(body.derIds).size < body.derIds.length) throw problemOf(brokenField('derIds', 'names a DER twice'))
  const ders = await db.select().from(der).where(inArray(der.derId, body.derIds))
  const foreign = body.derIds.find((derId) => ders.every((d) => d.derId !== derId || d.fspId !== actor.fspId))
  if (foreign) throw new ProblemError('not-found', `You have no DER ${foreign}.`)
  const first = must(firstOfUnit(ders, maxTurnDownW))
  refuse(constraintsFault(limits, maxTurnDownW))
  const connection = await connectionOfMpan(db, first.mpan)
  if (!connection) throw new Error(`connection of DER ${first.derId} is gone`)
  const { connectionId, nodeId } = connection
  await requireAuthority(
    call,
    ders.map((d) => d.mpan),
    isWholeSite ? connectionId : null,
  )
  await db
    .insert(flexibleUnit)
    .values({ fuId: id, fspId: actor.fspId, name, connectionId, nodeId, maxTurnDownW, limits, isWholeSite })
  try {
    await db.insert(flexibleUnitDer).values(body.derIds.map((derId) => ({ derId, fuId: id })))
  } catch (error) {
    // 23505, unique_violation: a DER is in one FU only.
    if (codeOf(error) !== '23505') throw error
    const detail = 'derIds: one of these DERs already belongs to an FU; a DER can be in one only.'
    throw new ProblemError('conflict', detail)
  }
  call.audit({ action: 'fu.registered', subject: { type: 'fu', id }, detail: { ...body } })
  call.announce('market')
  return unitOf(db, at, id)
}

/** Refuses an FU without authority over the MPANs of its DERs and, for a whole site, over all of the connection's (SEC03). */
async function requireAuthority(
  { db, at, actor }: Call<typeof partyOperations.registerFlexibleUnit>,
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
