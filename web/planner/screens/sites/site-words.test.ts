import { describe, expect, test } from 'vitest'
import { siteInWords, sitesInWords, type ToldSite } from './site-words.ts'

const now = Date.parse('2026-01-15T17:52:20Z')

/** A site that imports, within a limit of 120 kW unless stated otherwise. */
function siteOf(importW: number | null, change: Partial<ToldSite> = {}): ToldSite {
  const measured = { at: '2026-01-15T17:52:00Z', quality: 'good' as const, stale: false }
  return {
    name: 'Islington',
    state: 'compliant',
    stateSince: '2026-01-15T17:40:00Z',
    import: importW === null ? null : { importW, ...measured },
    limitW: 120_000,
    exportState: null,
    exportLimitW: null,
    ...change,
  }
}

/** With plain spaces, as it is read. */
const told = (site: ToldSite) => siteInWords(site, now).replaceAll('\u00a0', ' ')

describe('a site in words', () => {
  test('says how much is left of the limit', () => {
    expect(told(siteOf(75_000))).toBe('The site takes 75.0 kW of your limit of 120.0 kW: 45.0 kW are left.')
    expect(told(siteOf(118_000, { state: 'at-risk' }))).toBe(
      'The site takes 118.0 kW, close to your limit of 120.0 kW: only 2.0 kW are left.',
    )
  })
  test('says by how much it is over the limit, since when, and what to do', () => {
    expect(told(siteOf(130_000, { state: 'breach' }))).toBe(
      'The site takes 130.0 kW, 10.0 kW more than your limit of 120.0 kW since 17:40. Switch something off, or let vehicles charge later.',
    )
  })
  test('does not call good what is not known', () => {
    expect(told(siteOf(75_000, { state: 'unknown' }))).toBe(
      'There has been no fresh reading since 17:40. The last one was 75.0 kW at 17:52; your limit now is 120.0 kW.',
    )
    expect(told(siteOf(null, { state: 'unknown' }))).toBe(
      'Nothing has been measured here yet. Your limit now is 120.0 kW.',
    )
  })
  test('speaks of what the site gives to the network where that is what needs somebody', () => {
    const ofExport = { exportLimitW: 50_000, exportState: 'breach' as const }
    expect(told(siteOf(-60_000, { state: 'breach', ...ofExport }))).toBe(
      'The site gives 60.0 kW to the network, 10.0 kW more than the 50.0 kW that it may since 17:40.',
    )
    expect(told(siteOf(130_000, { state: 'breach', ...ofExport, exportState: 'compliant' }))).toContain(
      'The site takes',
    )
  })
})

describe('all sites in a line', () => {
  test('names those that need somebody, the worst first, and is calm where none does', () => {
    const [over, quiet, unknown] = [
      { name: 'Dartford', state: 'breach' as const },
      { name: 'Islington', state: 'compliant' as const },
      { name: 'Camden', state: 'unknown' as const },
    ]
    expect(sitesInWords([quiet, unknown, over])).toEqual({
      tone: 'fault',
      text: 'Dartford: over the limit. Camden: no fresh reading, so it is not known.',
    })
    expect(sitesInWords([quiet, unknown]).tone).toBe('doubt')
    expect(sitesInWords([quiet])).toEqual({ tone: 'normal', text: 'Your site keeps its limit.' })
    expect(sitesInWords([quiet, quiet]).text).toBe('All of your sites keep their limits.')
  })
})
