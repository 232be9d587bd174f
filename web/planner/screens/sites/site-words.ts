import type { OwnSite, OwnVersion } from '../../../../schemas/market/customers.ts'
import { kw } from '../../../shared/format/power.ts'
import { dayAndTime, dayOf } from '../../../shared/format/time.ts'
import type { Tone } from '../../../shared/format/words.ts'

/** A site as it is told in words. */
export type ToldSite = Pick<
  OwnSite,
  'name' | 'state' | 'stateSince' | 'import' | 'limitW' | 'exportState' | 'exportLimitW'
>

/** How a site stands now, for somebody who does not know the trade. @param now ms since 1970 */
export function siteInWords(site: ToldSite, now: number): string {
  const limit = `your limit of ${kw(site.limitW)}`
  const since = site.stateSince ? ` since ${dayAndTime(site.stateSince, dayOf(now))}` : ''
  const byExport = exportInWords(site, since)
  if (byExport) return byExport
  if (!site.import) return `Nothing has been measured here yet. Your limit now is ${kw(site.limitW)}.`
  const { importW, at } = site.import
  const free = site.limitW - importW
  if (site.state === 'unknown')
    return `There has been no fresh reading${since}. The last one was ${kw(importW)} at ${dayAndTime(at, dayOf(now))}; your limit now is ${kw(site.limitW)}.`
  if (site.state === 'breach')
    return `The site takes ${kw(importW)}, ${kw(-free)} more than ${limit}${since}. Switch something off, or let vehicles charge later.`
  if (site.state === 'at-risk') return `The site takes ${kw(importW)}, close to ${limit}: only ${kw(free)} are left.`
  return `The site takes ${kw(importW)} of ${limit}: ${kw(free)} are left.`
}

/** Where it is what the site gives to the network that needs somebody. */
function exportInWords({ state, exportState, exportLimitW, import: measured }: ToldSite, since: string): string | null {
  if (!measured || exportLimitW === null || exportLimitW === undefined || exportState !== state) return null
  const exportW = -measured.importW
  if (exportW <= 0 || (state !== 'breach' && state !== 'at-risk')) return null
  const limit = `the ${kw(exportLimitW)} that it may`
  return state === 'breach'
    ? `The site gives ${kw(exportW)} to the network, ${kw(exportW - exportLimitW)} more than ${limit}${since}.`
    : `The site gives ${kw(exportW)} to the network, close to ${limit}.`
}

const tones: Record<OwnSite['state'], Tone> = {
  compliant: 'normal',
  'at-risk': 'risk',
  breach: 'fault',
  unknown: 'doubt',
}

/** The tone of a sentence about a site. */
export function toneOf({ state }: Pick<OwnSite, 'state'>): Tone {
  return tones[state]
}

/** All sites in one line: those that need somebody, or that none does. */
export function sitesInWords(sites: readonly Pick<OwnSite, 'name' | 'state'>[]): { tone: Tone; text: string } {
  const named = (state: OwnSite['state']) => sites.filter((site) => site.state === state).map(({ name }) => name)
  const [over, close, unknown] = [named('breach'), named('at-risk'), named('unknown')]
  const parts = [
    over.length > 0 && `${over.join(', ')}: over the limit.`,
    close.length > 0 && `${close.join(', ')}: close to the limit.`,
    unknown.length > 0 && `${unknown.join(', ')}: no fresh reading, so it is not known.`,
  ].filter((part) => part !== false)
  const tone = over.length > 0 ? 'fault' : close.length > 0 ? 'risk' : unknown.length > 0 ? 'doubt' : 'normal'
  if (parts.length > 0) return { tone, text: parts.join(' ') }
  return { tone, text: sites.length === 1 ? 'Your site keeps its limit.' : 'All of your sites keep their limits.' }
}

/** What became of an application, in words. */
export function decisionInWords({
  state,
  decidedAt,
  reason,
}: Pick<OwnVersion, 'state' | 'decidedAt' | 'reason'>): string {
  if (state === 'applied') return 'not decided yet'
  return [decidedAt === null ? null : dayAndTime(decidedAt), reason].filter((part) => part !== null).join(': ')
}
