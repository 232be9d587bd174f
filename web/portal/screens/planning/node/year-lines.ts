import type { z } from 'zod'
import type { operations } from '../../../../../schemas/operations.ts'
import type { Series } from '../../../../shared/chart/series.ts'
import { unitFor } from '../../network/headroom.ts'

/** A node of a run year by year. */
export type NodeYears = z.infer<typeof operations.readRunNode.answer>

/** The unit in which the years of some nodes read best. */
export function yearsUnit(...nodes: readonly NodeYears[]) {
  const all = nodes.flatMap(({ years }) =>
    years.flatMap(({ peakW, leastHeadroomW }) => [peakW, Math.abs(leastHeadroomW ?? 0)]),
  )
  return unitFor(Math.max(0, ...all))
}

/** The line at which no headroom is left. */
function noneLeft(fromYear: number, toYear: number): Series {
  return {
    label: 'No headroom left',
    colour: 'text',
    stepped: true,
    width: 1.6,
    points: [fromYear - 1, toYear + 1].map((x) => ({ x, y: 0 })),
  }
}

/** A node's years as lines: what electric vehicles draw at most, the least headroom that is left, and where none is. */
export function yearsSeries(node: NodeYears): Series[] {
  const { kw } = yearsUnit(node)
  const peak: Series = {
    label: 'EV peak',
    colour: 'secondary',
    dashed: true,
    points: node.years.map(({ year, peakW }) => ({ x: year, y: peakW / 1_000 / kw })),
  }
  if (!node.isKnown) return [peak]
  return [
    headroomLine(node, 'Least headroom', kw),
    peak,
    noneLeft(node.years[0]?.year ?? 0, node.years.at(-1)?.year ?? 0),
  ]
}

/** The least headroom of two runs at one node. */
export function comparedSeries(one: NodeYears | null, other: NodeYears | null): Series[] {
  const known = [one, other].filter((each) => each !== null)
  const { kw } = yearsUnit(...known)
  const years = known.flatMap((node) => node.years.map(({ year }) => year))
  return [
    ...(one?.isKnown ? [headroomLine(one, 'First run', kw)] : []),
    ...(other?.isKnown ? [{ ...headroomLine(other, 'Second run', kw), colour: 'violet' as const, dashed: true }] : []),
    noneLeft(Math.min(...years), Math.max(...years)),
  ]
}

function headroomLine({ years }: NodeYears, label: string, kw: number): Series {
  return {
    label,
    colour: 'accent',
    width: 1.8,
    points: years.map(({ year, leastHeadroomW }) => ({
      x: year,
      y: leastHeadroomW === null ? null : leastHeadroomW / 1_000 / kw,
    })),
  }
}

/** Spans of years in which the headroom is exceeded, for the foot of a chart. */
export function exceededSpans({ years }: Pick<NodeYears, 'years'>): { from: number; to: number }[] {
  const spans: { from: number; to: number }[] = []
  for (const { year, hoursOver } of years) {
    if ((hoursOver ?? 0) === 0) continue
    const before = spans.at(-1)
    if (before?.to === year) before.to = year + 1
    else spans.push({ from: year, to: year + 1 })
  }
  return spans
}
