import { authorityOperations } from '../../schemas/market/authorities.ts'
import { tradingDayOf } from '../../schemas/vocabulary/time.ts'
import type { MarketContext } from '../app/context.ts'
import { type DnoApi, reasonOf } from './dno.ts'
import type { Site } from './sites.ts'

/** Our customers' letters also cover the year before, so that the DNO can compute baselines from the meter history that we upload. */
const daysBefore = 365

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
  const missing = sites.filter(({ mpan }) => !known.has(mpan))
  const from = tradingDayOf(clock.now()).minusDays(daysBefore).toString()
  for (const { depotId, mpan, customer } of missing) {
    const reference = `Letter of authority of ${customer} for ${mpan}`
    const body = { mpans: [mpan], from, givenBy: 'customer-letter' as const, reference }
    const applied = await dno.call(authorityOperations.applyForAuthorities, { body })
    if (applied.ok) known.set(mpan, applied.value.items)
    else log.warn({ depotId, reason: reasonOf(applied.failure) }, 'the authority could not be applied for')
  }
  return sites.filter(({ mpan }) => known.get(mpan)?.some(({ state }) => state === 'approved'))
}
