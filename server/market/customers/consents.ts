import { type Instant, LocalDate } from '@js-joda/core'
import { and, desc, eq, isNull, type SQL } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError, problemOf } from '../../../platform/http/index.ts'
import type { customerSiteOperations, SiteConsent } from '../../../schemas/market/customers.ts'
import { brokenField } from '../../../schemas/vocabulary/outcome.ts'
import { momentInWords, tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { mpansOf, namesOfConnections } from '../../grid/index.ts'
import { nameOf, type Verb } from '../../kit/index.ts'
import { findFsp } from '../parties/index.ts'
import { fsp } from '../parties/tables.ts'
import { requireOwnSite } from './sites.ts'
import { customerSite, siteConsent } from './tables.ts'

type ConsentRow = typeof siteConsent.$inferSelect

/** Whether a consent holds at an instant. One of a customer whose site it no longer is holds nothing. */
export function holdsAt({ until, revokedAt }: Pick<ConsentRow, 'until' | 'revokedAt'>, at: Instant): boolean {
  return revokedAt === null && (until === null || !tradingDayOf(at).isAfter(until))
}

/** Consents of a customer, to an FSP, one, or all; the newest first. */
export async function consentsOf(
  db: Queryable,
  at: Instant,
  of: { customerId?: string; fspId?: string; consentId?: string },
): Promise<SiteConsent[]> {
  const conditions: (SQL | undefined)[] = [
    of.customerId === undefined ? undefined : eq(siteConsent.customerId, of.customerId),
    of.fspId === undefined ? undefined : eq(siteConsent.fspId, of.fspId),
    of.consentId === undefined ? undefined : eq(siteConsent.consentId, of.consentId),
  ]
  const rows = await db
    .select({ consent: siteConsent, fspName: fsp.companyName, site: customerSite.connectionId })
    .from(siteConsent)
    .innerJoin(fsp, eq(fsp.fspId, siteConsent.fspId))
    .leftJoin(customerSite, sameSite)
    .where(and(...conditions))
    .orderBy(desc(siteConsent.givenAt), siteConsent.consentId)
  const sites = [...new Set(rows.map(({ consent }) => consent.connectionId))]
  const [names, mpans] = [await namesOfConnections(db, sites), await mpansOf(db, sites)]
  return rows.map(({ consent, fspName, site }) => {
    const { consentId, connectionId, fspId, givenAt, givenBy, until, revokedAt } = consent
    return {
      consentId,
      connectionId,
      connectionName: names.get(connectionId) ?? '',
      mpans: mpans.get(connectionId) ?? [],
      fspId,
      fspName,
      givenAt: givenAt.toString(),
      givenBy,
      until: until?.toString() ?? null,
      revokedAt: revokedAt?.toString() ?? null,
      holds: site !== null && holdsAt(consent, at),
    }
  })
}

const sameSite = and(
  eq(customerSite.customerId, siteConsent.customerId),
  eq(customerSite.connectionId, siteConsent.connectionId),
)

/** Whether an FSP may read the profile of a site: by a consent that holds, of the customer whose site it is. */
export async function hasConsent(db: Queryable, at: Instant, fspId: string, connectionId: string): Promise<boolean> {
  const rows = await db
    .select({ until: siteConsent.until, revokedAt: siteConsent.revokedAt })
    .from(siteConsent)
    .innerJoin(customerSite, sameSite)
    .where(and(eq(siteConsent.fspId, fspId), eq(siteConsent.connectionId, connectionId)))
  return rows.some((row) => holdsAt(row, at))
}

/** Records a consent, from now on. */
export const giveSiteConsent: Verb<typeof customerSiteOperations.giveSiteConsent> = async (call) => {
  const { db, at, id: consentId, actor, params, body } = call
  const { customerId } = actor
  await requireOwnSite(db, customerId, params.id)
  const until = body.until === null ? null : LocalDate.parse(body.until)
  if (until?.isBefore(tradingDayOf(at))) throw problemOf(brokenField('until', 'must not be in the past'))
  if (!(await findFsp(db, body.fspId))) throw problemOf(brokenField('fspId', `is not an FSP: ${body.fspId}`))
  const present = (await consentsOf(db, at, { customerId, fspId: body.fspId })).find(
    (one) => one.connectionId === params.id && one.holds,
  )
  if (present)
    throw new ProblemError(
      'conflict',
      `${present.fspName} has your consent since ${momentInWords(present.givenAt)} already.`,
    )
  const row = { consentId, customerId, connectionId: params.id, fspId: body.fspId, until }
  await db.insert(siteConsent).values({ ...row, givenAt: at, givenBy: nameOf(actor) })
  call.audit({
    action: 'site-consent.given',
    subject: { type: 'connection', id: params.id },
    detail: { consentId, fspId: body.fspId, until: body.until },
  })
  return one(db, at, consentId)
}

/** Revokes a consent at once. To revoke it again changes nothing. */
export const revokeSiteConsent: Verb<typeof customerSiteOperations.revokeSiteConsent> = async (call) => {
  const { db, at, actor, params } = call
  const own = and(eq(siteConsent.consentId, params.id), eq(siteConsent.customerId, actor.customerId))
  const [row] = await db.select().from(siteConsent).where(own).for('update')
  if (!row) throw new ProblemError('not-found', `There is no consent ${params.id}.`)
  const set = { revokedAt: at, revokedBy: nameOf(actor) }
  const revoked = await db
    .update(siteConsent)
    .set(set)
    .where(and(own, isNull(siteConsent.revokedAt)))
    .returning()
  if (revoked.length > 0)
    call.audit({
      action: 'site-consent.revoked',
      subject: { type: 'connection', id: row.connectionId },
      detail: { consentId: params.id, fspId: row.fspId },
    })
  return one(db, at, params.id)
}

async function one(db: Queryable, at: Instant, consentId: string): Promise<SiteConsent> {
  const [found] = await consentsOf(db, at, { consentId })
  if (!found) throw new Error(`the consent ${consentId} has disappeared`)
  return found
}
