import type { ConnectionTerms, Limit, LocalMoment } from './rules.ts'
import { limitAt } from './rules.ts'

/** What others than the agreement impose on the import of a site at an instant; `null` where nothing is. */
export interface Imposed {
  /** The fail-safe limit that its FSP follows, after a breach or a lost link, and since when. */
  failSafe: { limitW: number; sinceMs: number } | null
  /** The limits that dispatches imply for the own load of its FUs, W in all, and since when. */
  dispatch: { unitsW: number; sinceMs: number } | null
  /** The dynamic limit that was issued for the period, W. It was known the day before, as a profile is. */
  dynamicW: number | null
}

export const nothingImposed: Imposed = { failSafe: null, dispatch: null, dynamicW: null }

/** The limit in force, and everything that applies at the instant, the least first. */
export interface LimitInForce extends Limit {
  /** Since when what limits it has been imposed; `null` for an agreement or the ASC. */
  sinceMs: number | null
  applying: readonly Limit[]
}

/**
 * The limit in force of a connection at an instant (domain section 12): the least of its ASC, its profile (or the fallback after that),
 * the dynamic limit, the fail-safe limit and what a dispatch implies for the site, with its source. A dispatch limits FUs; for the site it implies their
 * limits plus the rest of its load, and nothing where that is not known. Of equal limits the agreed one is named.
 * @param restW the load of the site without the FUs, W; `null` if unknown.
 */
export function limitInForce(
  terms: ConnectionTerms,
  moment: LocalMoment,
  { failSafe, dispatch, dynamicW }: Imposed = nothingImposed,
  restW: number | null = null,
): LimitInForce {
  const agreed = limitAt(terms, moment)
  const all: (Limit & { sinceMs: number | null })[] = [{ ...agreed, sinceMs: null }]
  if (agreed.source !== 'asc')
    all.push({ limitW: terms.ascKva * 1000 * terms.powerFactor, source: 'asc', sinceMs: null })
  if (dynamicW !== null) all.push({ limitW: dynamicW, source: 'dynamic', sinceMs: null })
  if (failSafe) all.push({ limitW: failSafe.limitW, source: 'fail-safe', sinceMs: failSafe.sinceMs })
  if (dispatch && restW !== null)
    all.push({ limitW: dispatch.unitsW + restW, source: 'dispatch', sinceMs: dispatch.sinceMs })
  const sorted = all.toSorted((a, b) => a.limitW - b.limitW)
  const [least] = sorted as [Limit & { sinceMs: number | null }]
  return { ...least, applying: sorted.map(({ limitW, source }) => ({ limitW, source })) }
}

/**
 * The export limit in force of a connection: its authorised export capacity as active power, with the power factor of its import. What is
 * not stated limits nothing: then it is `null`, never 0 W. Neither profiles nor dispatches limit an export (decision 63).
 */
export function exportLimitInForce({
  exportKva = null,
  powerFactor,
}: Pick<ConnectionTerms, 'exportKva' | 'powerFactor'>): Limit | null {
  return exportKva === null ? null : { limitW: exportKva * 1000 * powerFactor, source: 'export-capacity' }
}
