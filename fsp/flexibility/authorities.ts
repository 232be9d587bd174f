import { type Authority, authorityOperations } from '../../schemas/market/authorities.ts'
import { tradingDayOf } from '../../schemas/vocabulary/time.ts'
import type { MarketContext } from '../app/context.ts'
import { type DnoApi, reasonOf } from './dno.ts'
import { membersOf, type Site } from './sites.ts'

/** Our customers' letters also cover the year before, so that the DNO can compute baselines from the meter history that we upload. */
const daysBefore = 365

/** MPANs of one application. */
const mpansAtOnce = 500

/**
 * SEC03: the sites whose meter points the DNO has let us act for. Applies for those that we have never applied for; until the DNO has
 * decided they wait, and after a refusal somebody has to talk to the DNO.
 */
export async function authorisedSites(
  { clock, log }: Pick<MarketContext, 'clock' | 'log'>,
  dno: DnoApi,
  sites: readonly Site[],
): Promise<Site[]> {
  if (sites.length === 0) return []
  const listed = await dno.all(authorityOperations.listAuthorities, {})
  if (!listed.ok) {
    log.warn({ reason: reasonOf(listed.failure) }, 'our authorities could not be read')
    return []
  }
  const known = Map.groupBy(listed.value, ({ mpan }) => mpan)
  const from = tradingDayOf(clock.now()).minusDays(daysBefore).toString()
  for (const site of sites) {
    const mpans = membersOf(site).flatMap(({ mpan }) => (known.has(mpan) ? [] : [mpan]))
    for (let i = 0; i < mpans.length; i += mpansAtOnce) {
      const some = mpans.slice(i, i + mpansAtOnce)
      const reference = `Letter of authority of ${site.customer} for ${some.length === 1 ? some[0] : `${some.length} homes`}`
      const body = { mpans: some, from, givenBy: 'customer-letter' as const, reference }
      const applied = await dno.call(authorityOperations.applyForAuthorities, { body })
      if (applied.ok) for (const each of applied.value.items) known.set(each.mpan, [each])
      else
        log.warn({ depotId: site.depotId, reason: reasonOf(applied.failure) }, 'the authority could not be applied for')
    }
  }
  return sites.flatMap((site) => authorisedPart(site, known))
}

/** A site with the members that the DNO has let us act for, once it has decided on all of them; none: nothing yet. */
function authorisedPart(site: Site, known: ReadonlyMap<string, readonly Pick<Authority, 'state'>[]>): Site[] {
  const has = (mpan: string, state: Authority['state']) =>
    known.get(mpan)?.some((each) => each.state === state) ?? false
  const all = membersOf(site)
  const approved = all.filter(({ mpan }) => has(mpan, 'approved'))
  const isDecided = all.every(({ mpan }) => known.has(mpan) && (has(mpan, 'approved') || !has(mpan, 'applied')))
  if (approved.length === 0 || !isDecided) return []
  return [
    site.members ? { ...site, members: approved, ratedW: approved.reduce((sum, { ratedW }) => sum + ratedW, 0) } : site,
  ]
}
