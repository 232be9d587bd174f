import type { Instant } from '@js-joda/core'
import { and, asc, eq, inArray } from 'drizzle-orm'
import type { z } from 'zod'
import type { Queryable } from '../../../platform/db/index.ts'
import type { instructionRecord, instructionSummary } from '../../../schemas/dispatch/instructions.ts'
import { type InstructionFilter, type InstructionRow, listInstructions } from './store.ts'
import { instructionAttempt, instructionReport } from './tables.ts'

type Summary = z.infer<typeof instructionSummary>

export function viewInstruction(row: InstructionRow): Summary {
  const { instructionId, fuId, fspId, product, intervals, state, revision, supersedes, reason } = row
  const text = (at: Instant | null) => at?.toString() ?? null
  return {
    instructionId,
    fuId,
    fspId,
    product,
    intervals,
    state,
    revision,
    supersedes,
    reason,
    cutBecause: row.cutBecause,
    scheduleKind: row.scheduleKind,
    scheduleVersion: row.scheduleVersion,
    plannedAt: row.plannedAt.toString(),
    expiresAt: row.expiresAt.toString(),
    issuedAt: text(row.issuedAt),
    answeredAt: text(row.answeredAt),
    acknowledgedAt: text(row.acknowledgedAt),
  }
}

/** One instruction with every sending, question and report; `undefined` if unknown or another FSP's. */
export async function readInstruction(
  tx: Queryable,
  filter: InstructionFilter & { instructionId: string },
): Promise<z.infer<typeof instructionRecord> | undefined> {
  const [row] = await listInstructions(tx, filter)
  if (!row) return undefined
  const attempts = await tx
    .select()
    .from(instructionAttempt)
    .where(eq(instructionAttempt.instructionId, row.instructionId))
    .orderBy(asc(instructionAttempt.attempt))
  const reports = await tx
    .select()
    .from(instructionReport)
    .where(and(inArray(instructionReport.instructionId, [row.instructionId])))
    .orderBy(asc(instructionReport.at), asc(instructionReport.receivedAt))
  return {
    ...viewInstruction(row),
    attempts: attempts.map((a) => ({ attempt: a.attempt, at: a.at.toString(), action: a.action, outcome: a.outcome })),
    reports: reports.map((r) => ({ status: r.status, at: r.at.toString(), detail: r.detail })),
  }
}
