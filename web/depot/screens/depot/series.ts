import type { PlanPeriod } from '../../../../schemas/fsp/depot-plan.ts'
import { type Point, type Series, withGaps } from '../../../shared/chart/series.ts'
import { kw } from '../../../shared/format/power.ts'
import { instantOfLocal, timeOfDay } from '../../../shared/format/time.ts'

/** A depot at an instant, ms, or over the step that begins with it, W. */
export interface DepotPoint {
  at: number
  demandW: number | null
  buildingW: number
  evLoadW: number | null
  headroomW: number
  capacityW: number
}

type Recorded = Omit<DepotPoint, 'at'>

/** What was recorded. */
export function recordedPoints(points: readonly (Recorded & { from: string })[]): DepotPoint[] {
  return points.map(({ from, ...point }) => ({ ...point, at: Date.parse(from) }))
}

/** The plan's quarter-hours of a span; demand is what building and vehicles are expected to take. */
export function expectedPoints(periods: readonly PlanPeriod[], from: number, to: number): DepotPoint[] {
  return periods.flatMap((period) => {
    const at = Date.parse(period.from)
    if (at < from || at >= to) return []
    const { buildingW, evLoadW, headroomW, capacityW } = period
    return [{ at, demandW: evLoadW === null ? null : buildingW + evLoadW, buildingW, evLoadW, headroomW, capacityW }]
  })
}

/** Means by time of day, set on a day to be drawn. */
export function meanPoints(times: readonly (Recorded & { time: string })[], day: string): DepotPoint[] {
  return times.map(({ time, ...point }) => ({ ...point, at: Date.parse(instantOfLocal(`${day}T${time}`)) }))
}

/** A line is broken where nothing was recorded for longer than this, ms. */
const gapMs = 20 * 60_000

function line(points: readonly DepotPoint[], of: (point: DepotPoint) => number | null): Point[] {
  return withGaps(
    points.map((point) => ({ x: point.at, y: perKw(of(point)) })),
    gapMs,
  )
}

function perKw(powerW: number | null): number | null {
  return powerW === null ? null : powerW / 1_000
}

/** The lines of the chart; what is expected is dashed, as forecasts are everywhere: the building alone, where vehicles are not known. */
export function seriesOf(recorded: readonly DepotPoint[], expected: readonly DepotPoint[]): Series[] {
  const all = [...recorded, ...expected]
  const capacity: Series = {
    label: 'Capacity',
    colour: 'text',
    stepped: true,
    points: line(all, ({ capacityW }) => capacityW),
  }
  const series: Series[] = [
    capacity,
    { label: 'Demand', colour: 'accent', headroomTo: capacity, points: line(recorded, ({ demandW }) => demandW) },
    { label: 'EV load', colour: 'secondary', points: line(recorded, ({ evLoadW }) => evLoadW) },
  ]
  if (expected.length === 0) return series
  const isKnown = expected.some(({ demandW }) => demandW !== null)
  series.push({
    label: isKnown ? 'Demand, expected' : 'Building, expected',
    colour: isKnown ? 'accent' : 'secondary',
    dashed: true,
    stepped: true,
    points: line(expected, isKnown ? ({ demandW }) => demandW : ({ buildingW }) => buildingW),
  })
  return series
}

/** The chart in a line of words. */
export function pointsInWords(recorded: readonly DepotPoint[], expected: readonly DepotPoint[]): string {
  const highest = (points: readonly DepotPoint[]) => maximum(points, ({ demandW }) => demandW)
  const [was, willBe] = [highest(recorded), highest(expected)]
  const over = recorded.filter(({ demandW, capacityW }) => demandW !== null && demandW > capacityW).length
  const parts: string[] = []
  if (was) parts.push(`Demand was highest at ${timeOfDay(was.at)} with ${kw(was.demandW ?? 0)} of ${kw(was.capacityW)}`)
  if (recorded.length > 0)
    parts.push(over === 0 ? 'the capacity was kept' : `the capacity was exceeded in ${over} steps`)
  if (willBe) parts.push(`${kw(willBe.demandW ?? 0)} are expected at ${timeOfDay(willBe.at)}`)
  else {
    const building = maximum(expected, ({ buildingW }) => buildingW)
    if (building) parts.push(`the building is expected to take up to ${kw(building.buildingW)}, vehicles are not known`)
  }
  return parts.length === 0 ? 'The demand is not known.' : `${upper(parts.join('; '))}.`
}

function upper(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function maximum(points: readonly DepotPoint[], of: (point: DepotPoint) => number | null): DepotPoint | null {
  let found: DepotPoint | null = null
  for (const point of points) {
    const value = of(point)
    if (value !== null && (found === null || value > (of(found) ?? Number.NEGATIVE_INFINITY))) found = point
  }
  return found
}
