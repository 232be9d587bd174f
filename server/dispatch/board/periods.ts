import type { Instant } from '@js-joda/core'
import type { BoardPeriod } from '../../../schemas/dispatch/board.ts'
import { type InstructionRow, quarterHours } from '../instructions/index.ts'

type BoardInstruction = NonNullable<BoardPeriod['instruction']>

const quarterMs = 900_000

/** A part of an instruction within one quarter-hour. */
interface Part {
  row: InstructionRow
  fromMs: number
  toMs: number
  turnDownW: number
}

/**
 * What was instructed in each quarter-hour, by its start: the last instruction counts, and where it begins inside the quarter-hour the one
 * before it counts until then. One that was superseded before it was sent asked for nothing.
 * @param rows of one FU and product, in order of time and revision.
 */
export function issuedPeriods(rows: readonly InstructionRow[]): Map<string, BoardInstruction> {
  const parts = rows.toSorted(byPlan).flatMap((row) =>
    quarterHours(row).map(({ from, to, turnDownW }) => ({
      row,
      fromMs: from.toEpochMilli(),
      toMs: to.toEpochMilli(),
      turnDownW: isUnheard(row) ? 0 : turnDownW,
    })),
  )
  const byQuarter = Map.groupBy(parts, (part) => Math.floor(part.fromMs / quarterMs) * quarterMs)
  return new Map([...byQuarter].map(([q, own]) => [startOf(q), viewOf(own)]))
}

function byPlan(a: InstructionRow, b: InstructionRow): number {
  return a.plannedAt.compareTo(b.plannedAt) || a.revision - b.revision
}

function isUnheard({ state, issuedAt }: InstructionRow): boolean {
  return state === 'superseded' && issuedAt === null
}

const startOf = (ms: number) => new Date(ms).toISOString().replace('.000Z', 'Z')

function viewOf(parts: readonly Part[]): BoardInstruction {
  const last = parts.at(-1) as Part
  const { instructionId, state, reason, cutBecause, issuedAt, acknowledgedAt } = last.row
  return {
    instructionId,
    state,
    turnDownW: last.turnDownW,
    meanW: meanOf(parts),
    reason,
    cutBecause,
    issuedAt: text(issuedAt),
    acknowledgedAt: text(acknowledgedAt),
  }
}

const text = (at: Instant | null) => at?.toString() ?? null

/** Mean of what was asked over a quarter-hour, W: later parts lie over earlier ones. */
function meanOf(parts: readonly Part[]): number {
  const edges = [...new Set(parts.flatMap((part) => [part.fromMs, part.toMs]))].sort((a, b) => a - b)
  const wattMs = edges.slice(0, -1).reduce((sum, from, i) => {
    const to = edges[i + 1] ?? from
    const top = parts.findLast((part) => part.fromMs <= from && part.toMs >= to)
    return sum + (top?.turnDownW ?? 0) * (to - from)
  }, 0)
  return wattMs / quarterMs
}
