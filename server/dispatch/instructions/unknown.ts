import type { Instant } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import { type Queryable, toInstant } from '../../../platform/db/index.ts'
import { instruction, instructionAttempt } from './tables.ts'

/** A span of time in which something held an FU. */
export interface UnitSpan {
  fuId: string
  fromAt: Instant
  /** The first instant after it. */
  toAt: Instant
}

export interface SpanFilter {
  fuIds: readonly string[]
  from: Instant
  to: Instant
}

export interface SpanRow extends Record<string, unknown> {
  fu_id: string
  from_at: string
  to_at: string
}

export const unitSpan = (row: SpanRow): UnitSpan => ({
  fuId: row.fu_id,
  fromAt: toInstant(row.from_at),
  toAt: toInstant(row.to_at),
})

/**
 * Spans of instructions whose outcome is unknown: sent, and neither answered nor known to have been lost on the way, even if nothing is
 * asked of them any more. The FSP may have followed them.
 */
export async function unknownSpans(tx: Queryable, { fuIds, from, to }: SpanFilter): Promise<UnitSpan[]> {
  if (fuIds.length === 0) return []
  const rows = await tx.execute<SpanRow>(sql`
    select fu_id, from_at::text, to_at::text from ${instruction} i
    where fu_id = any(${sql.param(fuIds)}::uuid[]) and from_at < ${to.toString()}::timestamptz
      and to_at > ${from.toString()}::timestamptz and turn_down_w <> 0 and acknowledged_at is null
      and (state in ('sent', 'unknown') or (state in ('expired', 'superseded') and (
        select a.outcome from ${instructionAttempt} a where a.instruction_id = i.instruction_id
        order by a.attempt desc limit 1) ~ '^(unknown|handed-over)'))
    order by from_at, fu_id`)
  return rows.map(unitSpan)
}
