import { asc } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import type { ScheduleGate } from '../../../schemas/market/gates.ts'
import { type SubmissionKind, submissionKind } from '../../../schemas/market/submissions.ts'
import { defaultGates } from './rules.ts'
import { submissionGate } from './tables.ts'

/** The gates in force: the latest version of each, or the default. */
export async function gatesInForce(tx: Queryable): Promise<Record<SubmissionKind, ScheduleGate>> {
  const rows = await tx.select().from(submissionGate).orderBy(asc(submissionGate.version))
  const latest = new Map(rows.map((row) => [row.kind, row]))
  const gateOfKind = (kind: SubmissionKind): ScheduleGate => {
    const row = latest.get(kind)
    if (!row) return { kind, version: 0, settings: defaultGates[kind], changedAt: null, changedBy: null }
    return { ...row, changedAt: row.changedAt.toString() }
  }
  return Object.fromEntries(submissionKind.options.map((kind) => [kind, gateOfKind(kind)])) as Record<
    SubmissionKind,
    ScheduleGate
  >
}
