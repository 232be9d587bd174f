import { type Instant, LocalDate } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { customerSiteOperations, SiteSchedule } from '../../../schemas/market/customers.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { countryOf, demandFile, findConnection, mpansOf, profileOn } from '../../grid/index.ts'
import { type CustomerActor, type FspActor, knownTag, NotModified, type Verb } from '../../kit/index.ts'
import { hasConsent } from './consents.ts'
import { noSite, requireOwnSite } from './sites.ts'

/** The approved profile of a site on a day. What the caller may not read does not exist to it (FM40). */
async function scheduleFor(
  db: Queryable,
  at: Instant,
  actor: CustomerActor | FspActor,
  connectionId: string,
  day: string | undefined,
): Promise<SiteSchedule> {
  if (actor.kind === 'customer') await requireOwnSite(db, actor.customerId, connectionId)
  else if (!(await hasConsent(db, at, actor.fspId, connectionId))) throw noSite(connectionId)
  const site = await findConnection(db, connectionId)
  if (!site) throw noSite(connectionId)
  const on = day ? LocalDate.parse(day) : tradingDayOf(at)
  const row = await profileOn(db, connectionId, on)
  if (!row) throw new ProblemError('not-found', `${site.name} has no profile in force on ${on} or earlier.`)
  const { version, state, fallbackLimitW, limits } = row
  return {
    connectionId,
    name: site.name,
    mpans: (await mpansOf(db, [connectionId])).get(connectionId) ?? [],
    version,
    state,
    validFrom: row.validFrom.toString(),
    validTo: row.validTo.toString(),
    fallbackLimitW,
    limits,
    country: await countryOf(db, site.licenceArea),
    etag: `${version}.${row.revision}`,
  }
}

/** Answers 304 to a caller that has this version already. */
export const readSiteSchedule: Verb<typeof customerSiteOperations.readSiteSchedule> = async (call) => {
  const { db, at, actor, params, query, http } = call
  const found = await scheduleFor(db, at, actor, params.id, query.day)
  return found.etag === knownTag(http.req.header('if-none-match')) ? new NotModified(found.etag) : found
}

export const exportSiteSchedule: Verb<typeof customerSiteOperations.exportSiteSchedule> = async (call) => {
  const { db, at, actor, params, query } = call
  const { name, version, limits } = await scheduleFor(db, at, actor, params.id, query.day)
  return { content: demandFile(limits), name: `${name} v${version}.csv` }
}
