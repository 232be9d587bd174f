import type { Interval } from '../../instructions/index.ts'

/** A turn-up, or a part of one, that is not instructed, because its site could not import it. */
export interface Overfull {
  fuId: string
  interval: Interval
  limitW: number
}

/** The site of an FU at an instant: its import limit and what it is expected to import, W. */
export interface SiteRoom {
  connectionId: string
  limitW: number
  expectedW: number
}

/**
 * Holds the turn-ups of FUs to what their sites may still import: of FUs at one connection those with the lower identifier come first
 * (decision 44). Turn-down and ends stay as they are. What is cut to nothing is named.
 * @param siteAt `null` for an FU over many connections, whose share at each nobody states.
 */
export function withinSites(
  wanted: ReadonlyMap<string, readonly Interval[]>,
  siteAt: (fuId: string, from: Interval['from']) => SiteRoom | null,
): { intervals: Map<string, Interval[]>; overfull: Overfull[] } {
  const overfull: Overfull[] = []
  const taken = new Map<string, number>()
  const held = new Map<string, Interval[]>()
  for (const fuId of [...wanted.keys()].sort()) {
    const kept = (wanted.get(fuId) ?? []).flatMap((interval) => {
      const site = interval.turnDownW < 0 ? siteAt(fuId, interval.from) : null
      if (!site) return [interval]
      const key = `${site.connectionId} ${interval.from}`
      const roomW = Math.floor(Math.max(0, site.limitW - site.expectedW - (taken.get(key) ?? 0)))
      const turnUpW = Math.min(-interval.turnDownW, roomW)
      taken.set(key, (taken.get(key) ?? 0) + turnUpW)
      if (turnUpW > 0) return [{ ...interval, turnDownW: -turnUpW }]
      overfull.push({ fuId, interval, limitW: site.limitW })
      return []
    })
    held.set(fuId, kept)
  }
  // The order of the FUs stays that of what is wanted.
  return { intervals: new Map([...wanted.keys()].map((fuId) => [fuId, held.get(fuId) ?? []])), overfull }
}
