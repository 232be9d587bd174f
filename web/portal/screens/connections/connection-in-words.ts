import type { ConnectionSummary } from '../../../../schemas/grid/connections.ts'
import { kw } from '../../../shared/format/power.ts'
import { dayAndTime, dayOf } from '../../../shared/format/time.ts'

/** How a connection stands now, as far as it is told in words. */
type SiteNow = Pick<ConnectionSummary, 'state' | 'stateSince' | 'import' | 'limitW' | 'exportState' | 'exportLimitW'>

/** Compliance of a connection now, in one sentence. */
export function connectionInWords(site: SiteNow, now: number): string {
  const since = site.stateSince ? ` since ${dayAndTime(site.stateSince, dayOf(now))}` : ''
  if (!site.import) return `Nothing has been measured yet. The import limit now is ${kw(site.limitW)}.`
  const spare = site.limitW - site.import.importW
  const byExport = exportInWords(site, since)
  if (byExport) return byExport
  const last = `Import was ${kw(site.import.importW)} at ${dayAndTime(site.import.at, dayOf(now))}`
  if (site.state === 'unknown') return `No fresh data${since}. ${last}; the import limit now is ${kw(site.limitW)}.`
  if (site.state === 'breach') return `Import is ${kw(-spare)} over the limit of ${kw(site.limitW)}${since}.`
  if (site.state === 'at-risk') return `Import is within ${kw(spare)} of the limit of ${kw(site.limitW)}${since}.`
  return `Import is ${kw(spare)} under the limit of ${kw(site.limitW)}.`
}

/** Where it is the export that needs somebody. */
function exportInWords({ state, exportState, exportLimitW, import: measured }: SiteNow, since: string) {
  if (!measured || exportLimitW === null || exportLimitW === undefined || exportState !== state) return null
  const exportW = -measured.importW
  if (exportW <= 0) return null
  const limit = `the export limit of ${kw(exportLimitW)}`
  if (state === 'breach') return `Export is ${kw(exportW - exportLimitW)} over ${limit}${since}.`
  return state === 'at-risk' ? `Export is within ${kw(exportLimitW - exportW)} of ${limit}${since}.` : null
}
