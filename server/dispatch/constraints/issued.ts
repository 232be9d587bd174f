import type { Instant } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import type { Product } from '../../../schemas/vocabulary/units.ts'
import { type InstructionRow, listInstructions, quarterHours } from '../instructions/index.ts'

/** What was issued to an FU in a quarter-hour; a turn-up is negative. */
export interface IssuedQuarter {
  product: Product
  turnDownW: number
}

/** By FU, and by the start of the quarter-hour in ms. */
export type Issued = ReadonlyMap<string, ReadonlyMap<number, IssuedQuarter>>

const quarterMs = 900_000

/** Instructions that an FU follows, or may: those refused or expired ask nothing of it. */
const standing = ['planned', 'sent', 'unknown', 'acknowledged', 'ended', 'superseded'] as const

/** Reads what was issued to FUs in the quarter-hours of a span, by whatever product, schedule or re-dispatch, and stands. */
export async function issuedTo(tx: Queryable, fuIds: readonly string[], from: Instant, to: Instant): Promise<Issued> {
  const issued = new Map<string, Map<number, IssuedQuarter>>()
  if (fuIds.length === 0) return issued
  const rows = await listInstructions(tx, { fuIds, states: standing, overlapping: { from, to } })
  const successors = new Map(rows.flatMap((row) => (row.supersedes ? [[row.supersedes, row] as const] : [])))
  for (const row of rows) {
    // What was accepted stands in full where its successor was refused or never arrived.
    const alone = row.acknowledgedAt ? null : undefined
    const stoodUntil = row.state === 'superseded' ? (successors.get(row.instructionId)?.fromAt ?? alone) : null
    if (stoodUntil === undefined) continue
    const own = issued.get(row.fuId) ?? new Map<number, IssuedQuarter>()
    issued.set(row.fuId, own)
    note(own, row, stoodUntil)
  }
  return issued
}

/** A replaced instruction stood until its successor began, which repeats what stays of it. */
function note(own: Map<number, IssuedQuarter>, row: InstructionRow, stoodUntil: Instant | null): void {
  for (const { from, turnDownW } of quarterHours(row)) {
    if (stoodUntil && !from.isBefore(stoodUntil)) continue
    const ms = from.toEpochMilli()
    const start = ms - (ms % quarterMs)
    if (Math.abs(turnDownW) > Math.abs(own.get(start)?.turnDownW ?? 0))
      own.set(start, { product: row.product, turnDownW })
  }
}
