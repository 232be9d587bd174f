import type { LeftBecause, UnitPeriod } from '../../../../schemas/dispatch/optimisation.ts'
import type { PseudoNetwork, Rehearsal } from '../../../../schemas/dispatch/rehearsals.ts'
import { kw } from '../../../shared/format/power.ts'
import { timeOfDay } from '../../../shared/format/time.ts'

/** A power over a span of time, in the direction of the rehearsal. */
interface PowerSpan {
  from: string
  to: string
  turnDownW: number
}

/** What a rehearsal chose of an FU. */
export interface UnitResult {
  fuId: string
  name: string
  mostW: number
  energyWh: number
  costGbp: number
  spans: PowerSpan[]
  /** Why something was left of it in some quarter-hour. */
  left: LeftBecause[]
}

const quarterHourMs = 900_000

/** FUs of a rehearsal, those of whom most was chosen first. */
export function unitResults({ units }: Pick<Rehearsal, 'units'>, nameOf: (fuId: string) => string): UnitResult[] {
  return units
    .map(({ fuId, periods }) => ({
      fuId,
      name: nameOf(fuId),
      mostW: Math.max(0, ...periods.map(({ turnDownW }) => turnDownW)),
      energyWh: periods.reduce((sum, { turnDownW }) => sum + turnDownW / 4, 0),
      costGbp: periods.reduce((sum, each) => sum + (each.turnDownW / 4e6) * Number(each.priceGbpPerMwh), 0),
      spans: powerSpans(periods),
      left: [...new Set(periods.flatMap(({ left }) => left?.because ?? []))],
    }))
    .toSorted((a, b) => b.energyWh - a.energyWh || a.name.localeCompare(b.name))
}

/** Quarter-hours joined where they follow one another with the same power; what asks for nothing is left out. */
export function powerSpans(periods: readonly Pick<UnitPeriod, 'from' | 'turnDownW'>[]): PowerSpan[] {
  const spans: PowerSpan[] = []
  for (const { from, turnDownW } of periods) {
    if (turnDownW === 0) continue
    const [last, to] = [spans.at(-1), new Date(Date.parse(from) + quarterHourMs).toISOString()]
    if (last && Date.parse(last.to) === Date.parse(from) && last.turnDownW === turnDownW) last.to = to
    else spans.push({ from, to, turnDownW })
  }
  return spans
}

/** When an FU is asked for something: `16:00 to 18:00, 19:00 to 20:00`. */
export function timesInWords(spans: readonly PowerSpan[]): string {
  const joined: { from: string; to: string }[] = []
  for (const { from, to } of spans) {
    const last = joined.at(-1)
    if (last && Date.parse(last.to) === Date.parse(from)) last.to = to
    else joined.push({ from, to })
  }
  return joined.map(({ from, to }) => `${timeOfDay(from)} to ${timeOfDay(to)}`).join(', ')
}

/** Whether the need was met, in a sentence. */
export function outcomeInWords({ nodes }: Pick<Rehearsal, 'nodes'>): { text: string; isShort: boolean } {
  const worst = nodes
    .flatMap(({ name, periods }) => periods.map((period) => ({ name, ...period })))
    .reduce<{ name: string; from: string; shortfallW: number } | null>(
      (a, b) => (b.shortfallW > (a?.shortfallW ?? 0) ? b : a),
      null,
    )
  if (nodes.length === 0) return { text: 'No FU of this network can give anything in these hours.', isShort: true }
  if (worst === null) return { text: 'The need is met in every quarter-hour.', isShort: false }
  const text = `${worst.name} is ${kw(worst.shortfallW)} short at ${timeOfDay(worst.from)}, more than at any other time.`
  return { text, isShort: true }
}

/** A node of a pseudo-network with all FUs at it and below it, and how deep it stands. */
export interface NodeBranch {
  nodeId: string
  name: string
  depth: number
  fuIds: string[]
}

/** Nodes from the top down, each followed by those below it. */
export function branches({ nodes, members }: Pick<PseudoNetwork, 'nodes' | 'members'>): NodeBranch[] {
  const below = Map.groupBy(nodes, ({ parentId }) => parentId)
  const at = Map.groupBy(members, ({ nodeId }) => nodeId)
  const walk = (parentId: string | null, depth: number): NodeBranch[] =>
    (below.get(parentId) ?? []).flatMap(({ nodeId, name }) => {
      const rest = walk(nodeId, depth + 1)
      const own = (at.get(nodeId) ?? []).map(({ fuId }) => fuId)
      const direct = rest.filter((branch) => branch.depth === depth + 1)
      return [{ nodeId, name, depth, fuIds: [...own, ...direct.flatMap(({ fuIds }) => fuIds)] }, ...rest]
    })
  return walk(null, 0)
}
