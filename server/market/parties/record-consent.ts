import { LocalDate } from '@js-joda/core'
import { and, eq, min } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError, refuse } from '../../../platform/http/index.ts'
import type { Der, partyOperations } from '../../../schemas/market/parties.ts'
import { brokenField, type Refusal } from '../../../schemas/vocabulary/outcome.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import type { Verb } from '../../kit/index.ts'
import { der, flexibleUnitDer } from './tables.ts'
import { columnsOfConsent, viewConsent, viewDer } from './views.ts'

/** An FSP records the consent of a DER's owner, or the day on which it ends: from then on the DER does not count. */
export const recordConsent: Verb<typeof partyOperations.recordConsent> = async (call) => {
  const { db, at, actor, params, body } = call
  const own = and(eq(der.derId, params.id), eq(der.fspId, actor.fspId))
  const [found] = await db.select().from(der).where(own).for('update')
  if (!found) throw new ProblemError('not-found', `You have no DER ${params.id}.`)
  const before = viewConsent(found)
  const today = tradingDayOf(at)
  refuse(before ? consentFault(before, body, today) : firstConsentFault(body, today, await firstDayOf(db, params.id)))
  const [changed] = await db.update(der).set(columnsOfConsent(body)).where(own).returning()
  if (!changed) throw new Error(`DER ${params.id} is gone`)
  call.audit({ action: 'der.consent', subject: { type: 'der', id: params.id }, detail: { before, after: body } })
  call.announce('market')
  return viewDer(changed)
}

type Consent = NonNullable<Der['consent']>

/** The day on which a DER first belonged to an FU; `null` if it never has. */
async function firstDayOf(tx: Queryable, derId: string): Promise<LocalDate | null> {
  const [row] = await tx
    .select({ day: min(flexibleUnitDer.validFrom) })
    .from(flexibleUnitDer)
    .where(eq(flexibleUnitDer.derId, derId))
  return row?.day ? LocalDate.parse(String(row.day)) : null
}

/** The first consent of a DER that has counted without one leaves its days as they were. */
function firstConsentFault({ from, until }: Consent, today: LocalDate, firstDay: LocalDate | null): Refusal | null {
  if (!firstDay || firstDay.isAfter(today)) return null
  if (LocalDate.parse(from).isAfter(firstDay))
    return brokenField('from', `is after the DER’s first day in an FU: state ${firstDay} or earlier`)
  if (until === null || LocalDate.parse(until).isAfter(today)) return null
  return brokenField('until', `is ${until}: state ${today.plusDays(1)} or later`)
}

/** Days that have begun stay as they were: the first day is final, and so is an end that has come. */
function consentFault(before: Consent, after: Consent, today: LocalDate): Refusal | null {
  if (after.from !== before.from) return brokenField('from', `cannot be changed: state ${before.from}`)
  if (after.until === before.until) return null
  if (before.until && !LocalDate.parse(before.until).isAfter(today))
    return brokenField(
      'until',
      `has passed: the consent ended on ${before.until}; register the DER under another name with the new consent`,
    )
  if (after.until === null || LocalDate.parse(after.until).isAfter(today)) return null
  return brokenField('until', `is ${after.until}: state ${today.plusDays(1)} or later`)
}
