import type { LoadSource } from '../../../../schemas/grid/connections.ts'
import type { NodeHeadroom } from '../../../../schemas/grid/network.ts'
import { type Series, stepPoints } from '../../../shared/chart/series.ts'
import { fixed, power } from '../../../shared/format/power.ts'
import { timeOfDay } from '../../../shared/format/time.ts'

/** From this power on a chart is read in MW, W. */
const inMegawattsFrom = 5_000_000

/** The unit in which a chart up to so many W reads best, and how many kW it is. */
export function unitFor(highestW: number): { unit: 'kW' | 'MW'; kw: number } {
  return highestW >= inMegawattsFrom ? { unit: 'MW', kw: 1_000 } : { unit: 'kW', kw: 1 }
}

/** The unit of a node's day. */
export function unitOf({ periods }: NodeHeadroom) {
  return unitFor(Math.max(0, ...periods.map((p) => Math.max(p.capacityW ?? 0, (p.backgroundW ?? 0) + p.agreedW))))
}

/** A node's day as lines: capacity, what is agreed with connections on top of the rest, and what was measured. */
export function headroomSeries(day: NodeHeadroom): Series[] {
  const { periods } = day
  const scale = unitOf(day).kw
  const steps = (of: (p: NodeHeadroom['periods'][number]) => number | null) =>
    stepPoints(periods.map((p) => ({ from: p.from, to: p.to, valueW: of(p) }))).map(({ x, y }) => ({
      x,
      y: y === null ? null : y / scale,
    }))
  const capacity: Series = {
    label: 'Capacity',
    colour: 'text',
    stepped: true,
    width: 1.6,
    points: steps((p) => p.capacityW).filter((point) => point.y !== null),
  }
  const committed: Series = {
    label: isKnown(day) ? 'Background load and agreed limits' : 'Agreed limits alone',
    colour: 'secondary',
    stepped: true,
    dashed: true,
    points: steps((p) => (p.backgroundW ?? 0) + p.agreedW),
    ...(capacity.points.length > 0 && isKnown(day) ? { headroomTo: capacity } : {}),
  }
  const measured: Series = {
    label: loadInWords(day),
    colour: 'accent',
    stepped: true,
    width: 1.8,
    points: steps((p) => p.measuredW),
  }
  return [measured, committed, capacity]
}

/** What the load on record of a day is: measured, or not. */
function loadInWords({ loadSources: [first, ...others] }: NodeHeadroom): string {
  if (others.length > 0) return 'Load on record'
  const words: Record<LoadSource, string> = {
    measured: 'Measured load',
    uploaded: 'Uploaded load',
    synthetic: 'Load, made up',
  }
  return words[first ?? 'measured']
}

function isKnown({ background }: NodeHeadroom): boolean {
  return background !== 'unknown'
}

/** Why a node can carry what it can: `760 kW in winter: the rating of 800 kVA × 0.95`. */
export function capacityInWords({ capacity, periods }: NodeHeadroom): string {
  const { season, ratingKva, firmCapacityKva, reservedKva, powerFactor } = capacity
  const capacityW = periods[0]?.capacityW ?? null
  if (capacityW === null) return `Not known: neither a ${season} rating nor a firm capacity is on record.`
  const isFirm = firmCapacityKva !== null && (ratingKva === null || firmCapacityKva < ratingKva)
  const kva = (isFirm ? firmCapacityKva : ratingKva) ?? 0
  const other = isFirm ? ratingKva : firmCapacityKva
  const what = isFirm ? 'firm capacity' : `${season} rating`
  const least = other === null ? '' : `, the lesser of rating and firm capacity`
  const whole = `the ${what} of ${fixed(kva, 0)} kVA`
  const net = reservedKva ? `(${whole} − ${fixed(reservedKva, 0)} kVA reserved)` : whole
  return `${power(capacityW)} in ${season}: ${net} × ${powerFactor}${least}.`
}

/** Where the background load of a node comes from, in words. */
export function backgroundInWords({ background, capacity: { season } }: NodeHeadroom): string {
  const sources: Record<NodeHeadroom['background'], string> = {
    history: `The load on record of similar days in ${season}, less the connections.`,
    'highest-demand': `The highest ${season} demand on record.`,
    'history-and-highest-demand': `The higher of the load on record of similar days in ${season} and the highest ${season} demand on record.`,
    'nodes-below': 'The sum of the nodes below, all of which are known.',
    unknown: `Not known: there is no load on record of similar days in ${season}, no highest ${season} demand is on record, and not all nodes below are known.`,
  }
  return sources[background]
}

/** The least headroom of a day, W; `null` if that of any half-hour is not known. Negative where more is agreed than the node can carry. */
export function leastHeadroomW({ periods }: NodeHeadroom): number | null {
  const all = periods.map(({ headroomW }) => headroomW)
  return all.length > 0 && all.every((one) => one !== null) ? Math.min(...all) : null
}

/** A node's day in one line: the least headroom and when. */
export function headroomInWords(day: NodeHeadroom): string {
  const { periods } = day
  const known = periods.flatMap((p) => (p.headroomW === null ? [] : [{ from: p.from, headroomW: p.headroomW }]))
  const [first] = known
  if (!first && !isKnown(day)) return 'The headroom of this node is not known: its background load is not.'
  if (!first) return 'The headroom of this node is not known: it has no rating on record.'
  const least = known.reduce((a, b) => (b.headroomW < a.headroomW ? b : a), first)
  if (least.headroomW < 0)
    return `Agreed limits exceed what this node can carry by up to ${power(-least.headroomW)}, at ${timeOfDay(least.from)}.`
  return `At least ${power(least.headroomW)} can still be agreed at any time of this day; the least is at ${timeOfDay(least.from)}.`
}
