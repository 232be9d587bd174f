import { type Direction, directionOf, signOf } from '../../../../schemas/vocabulary/units.ts'
import type { Interval } from '../../instructions/index.ts'

/** A turn-down or turn-up that its site leaves no room for, or room for a part only. */
export interface Held {
  fuId: string
  way: Direction
  /** As it was wanted. */
  interval: Interval
  /** The limit of the site in that direction, W: of its import for a turn-up, of its export for a turn-down. */
  limitW: number
}

/** The site of an FU at an instant, in a direction: its limit there, and how far it may still be moved before it passes that, W. */
export interface SiteRoom {
  connectionId: string
  limitW: number
  roomW: number
}

/** What sites leave of what is wanted. */
export interface WithinSites {
  intervals: Map<string, Interval[]>
  /** What is not instructed at all. */
  overfull: Held[]
  /** What is instructed with less than was wanted. */
  cut: Held[]
}

/**
 * Holds what is wanted of FUs to what their sites leave room for: turn-ups by the import limit, turn-downs by the export limit (decisions 44
 * and 63). Of FUs at one connection those with the lower identifier come first. Ends stay as they are.
 * @param siteAt `null` where nothing is limited, and for an FU over many connections, whose share at each nobody states.
 */
export function withinSites(
  wanted: ReadonlyMap<string, readonly Interval[]>,
  siteAt: (fuId: string, from: Interval['from'], way: Direction) => SiteRoom | null,
): WithinSites {
  const [overfull, cut]: [Held[], Held[]] = [[], []]
  const taken = new Map<string, number>()
  const held = new Map<string, Interval[]>()
  for (const fuId of [...wanted.keys()].sort()) {
    const kept = (wanted.get(fuId) ?? []).flatMap((interval) => {
      const way = directionOf(interval.turnDownW)
      const site = interval.turnDownW === 0 ? null : siteAt(fuId, interval.from, way)
      if (!site) return [interval]
      const key = `${site.connectionId} ${way} ${interval.from}`
      const roomW = Math.floor(Math.max(0, site.roomW - (taken.get(key) ?? 0)))
      const wantedW = Math.abs(interval.turnDownW)
      const movedW = Math.min(wantedW, roomW)
      taken.set(key, (taken.get(key) ?? 0) + movedW)
      if (movedW === wantedW) return [interval]
      const found = { fuId, way, interval, limitW: site.limitW }
      if (movedW > 0) {
        cut.push(found)
        return [{ ...interval, turnDownW: signOf(way) * movedW }]
      }
      overfull.push(found)
      return []
    })
    held.set(fuId, kept)
  }
  // The order of the FUs stays that of what is wanted.
  return { intervals: new Map([...wanted.keys()].map((fuId) => [fuId, held.get(fuId) ?? []])), overfull, cut }
}
