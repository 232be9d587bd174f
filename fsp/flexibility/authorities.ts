import { type Authority, authorityOperations } from '../../schemas/market/authorities.ts'
import { tradingDayOf } from '../../schemas/vocabulary/time.ts'
import type { MarketContext } from '../app/context.ts'
import { type DnoApi, reasonOf } from './dno.ts'
import { membersOf, type Site, type SiteMember } from './sites.ts'

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
  const known = await authoritiesFor({ clock, log }, dno, sites)
  return known === null ? [] : sites.flatMap((site) => authorisedPart(site, known))
}

/** Of the members of a site: those whose meter points the DNO has let us act for, and whether it has decided on all. */
export async function authorisedMembers(
  context: Pick<MarketContext, 'clock' | 'log'>,
  dno: DnoApi,
  site: Site,
): Promise<{ approved: readonly SiteMember[]; isDecided: boolean }> {
  const members = membersOf(site)
  if (members.length === 0) return { approved: [], isDecided: true }
  const known = await authoritiesFor(context, dno, [site])
  return known === null ? { approved: [], isDecided: false } : decided(members, known)
}

type Known = ReadonlyMap<string, readonly Pick<Authority, 'state'>[]>

/** Our authorities by meter point, after having applied for what we have never applied for; `null` if the DNO did not answer. */
async function authoritiesFor(
  { clock, log }: Pick<MarketContext, 'clock' | 'log'>,
  dno: DnoApi,
  sites: readonly Site[],
): Promise<Known | null> {
  if (sites.length === 0) return new Map()
  const listed = await dno.all(authorityOperations.listAuthorities, {})
  if (!listed.ok) {
    log.warn({ reason: reasonOf(listed.failure) }, 'our authorities could not be read')
    return null
  }
  const known: Map<string, Pick<Authority, 'state'>[]> = Map.groupBy(listed.value, ({ mpan }) => mpan)
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
  return known
}

/** A site with the members that the DNO has let us act for, once it has decided on all of them; none: nothing yet. */
function authorisedPart(site: Site, known: Known): Site[] {
  const { approved, isDecided } = decided(membersOf(site), known)
  if (approved.length === 0 || !isDecided) return []
  return [
    site.members ? { ...site, members: approved, ratedW: approved.reduce((sum, { ratedW }) => sum + ratedW, 0) } : site,
  ]
}

/** What the DNO has decided on members. */
function decided(members: readonly SiteMember[], known: Known) {
  const has = (mpan: string, state: Authority['state']) =>
    known.get(mpan)?.some((each) => each.state === state) ?? false
  return {
    approved: members.filter(({ mpan }) => has(mpan, 'approved')),
    isDecided: members.every(({ mpan }) => known.has(mpan) && (has(mpan, 'approved') || !has(mpan, 'applied'))),
  }
}
