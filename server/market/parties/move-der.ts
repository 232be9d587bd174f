import { LocalDate } from '@js-joda/core'
import { and, eq, sql } from 'drizzle-orm'
import { ProblemError, problemOf, refuse } from '../../../platform/http/index.ts'
import type { partyOperations } from '../../../schemas/market/parties.ts'
import { brokenField, type Refusal } from '../../../schemas/vocabulary/outcome.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import type { Verb } from '../../kit/index.ts'
import { mpansWithoutAuthority } from '../authorities/index.ts'
import { membershipsOf } from './list-members.ts'
import { holdMemberships, join, joiningFlaws, leave, rowsOf } from './memberships.ts'
import { der } from './tables.ts'

/** An FSP moves a DER into an FU, into another, or out of its FU. What it was in until then stays for settlement. */
export const moveDer: Verb<typeof partyOperations.moveDer> = async ({ db, at, actor, params, body, ...call }) => {
  await holdMemberships(db, actor.fspId)
  const own = and(eq(der.derId, params.id), eq(der.fspId, actor.fspId))
  const [found] = await db.select().from(der).where(own)
  if (!found) throw new ProblemError('not-found', `You have no DER ${params.id}.`)
  const today = tradingDayOf(at)
  const [from, derId] = [LocalDate.parse(body.from), params.id]
  if (body.fuId === null) {
    refuse(leavingFault(from, today))
    await leave(db, rowsOf([{ derId, fuId: derId, from, until: null }]))
  } else {
    const given = rowsOf([{ derId, fuId: body.fuId, from, until: null }])
    const ders = sql`select der_id, connection_id from der where der_id = ${derId}::uuid`
    const [flaw] = await db.execute<{ field: string; message: string }>(joiningFlaws(given, ders, actor.fspId, today))
    if (flaw) throw problemOf(brokenField(flaw.field, flaw.message))
    const [without] = await mpansWithoutAuthority(db, actor.fspId, [found.mpan], from)
    if (without) throw problemOf(brokenField('fuId', `needs authority over the MPAN ${without}: apply for it first`))
    await join(db, given)
  }
  call.audit({ action: 'der.moved', subject: { type: 'der', id: derId }, detail: { ...body } })
  call.announce('market')
  return { items: await membershipsOf(db, derId) }
}

function leavingFault(from: LocalDate, today: LocalDate): Refusal | null {
  if (from.isAfter(today)) return null
  return brokenField(
    'from',
    `is ${from}: state ${today.plusDays(1)} or later, because days that have begun stay as they were`,
  )
}
