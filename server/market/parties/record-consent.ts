import { LocalDate } from '@js-joda/core'
import { and, eq } from 'drizzle-orm'
import { ProblemError, refuse } from '../../../platform/http/index.ts'
import type { Der, partyOperations } from '../../../schemas/market/parties.ts'
import { brokenField, type Refusal } from '../../../schemas/vocabulary/outcome.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import type { Verb } from '../../kit/index.ts'
import { der } from './tables.ts'
import { columnsOfConsent, viewConsent, viewDer } from './views.ts'

/** An FSP records the consent of a DER's owner, or the day on which it ends: from then on the DER does not count. */
export const recordConsent: Verb<typeof partyOperations.recordConsent> = async (call) => {
  const { db, at, actor, params, body } = call
  const own = and(eq(der.derId, params.id), eq(der.fspId, actor.fspId))
  const [found] = await db.select().from(der).where(own).for('update')
  if (!found) throw new ProblemError('not-found', `You have no DER ${params.id}.`)
  const before = viewConsent(found)
  refuse(consentFault(before, body, tradingDayOf(at)))
  const [changed] = await db.update(der).set(columnsOfConsent(body)).where(own).returning()
  if (!changed) throw new Error(`DER ${params.id} is gone`)
  call.audit({ action: 'der.consent', subject: { type: 'der', id: params.id }, detail: { before, after: body } })
  call.announce('market')
  return viewDer(changed)
}

/** Days that have begun stay as they were: the first day is final, and so is an end that has come. */
function consentFault(before: Der['consent'], after: NonNullable<Der['consent']>, today: LocalDate): Refusal | null {
  if (!before) return null
  if (after.from !== before.from) return brokenField('from', `is ${before.from} and stays so`)
  if (after.until === before.until) return null
  if (before.until && !LocalDate.parse(before.until).isAfter(today))
    return brokenField('until', `came on ${before.until}: register the DER under another name with the new consent`)
  if (after.until === null || LocalDate.parse(after.until).isAfter(today)) return null
  return brokenField('until', `is ${after.until}: state ${today.plusDays(1)} or later`)
}
