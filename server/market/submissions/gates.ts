import { asc } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { GateSettings, ScheduleGate } from '../../../schemas/dispatch/timetables.ts'
import { type SubmissionKind, submissionKind } from '../../../schemas/market/schedules.ts'
import { type Actor, nameOf, recordAudit, type ServerContext } from '../../kit/index.ts'
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

/** Changes the gate of a kind of schedule, for every submission from now on. */
export async function changeGate(
  context: ServerContext,
  actor: Actor,
  kind: SubmissionKind,
  expectedVersion: number,
  settings: GateSettings,
): Promise<ScheduleGate> {
  const at = context.clock.now()
  const changed = await context.db.transaction(async (tx) => {
    const before = (await gatesInForce(tx))[kind]
    const row = { kind, version: before.version + 1, settings, changedAt: at, changedBy: nameOf(actor) }
    // Two editors at once make the same version: the key lets one in.
    const isFirst =
      before.version === expectedVersion &&
      (await tx.insert(submissionGate).values(row).onConflictDoNothing().returning()).length === 1
    if (!isFirst) {
      const { version, changedBy } = (await gatesInForce(tx))[kind]
      throw new ProblemError(
        'changed-meanwhile',
        `The gate of ${kind} schedules is version ${version} by now, of ${changedBy ?? 'nobody'}: read it again.`,
        { headers: { etag: `"${version}"` } },
      )
    }
    await recordAudit(tx, at, actor, {
      action: 'schedule-gate.changed',
      subject: { type: 'schedule-gate', id: kind },
      detail: { before: before.settings, after: settings },
    })
    return { ...row, changedAt: at.toString() }
  })
  context.announce('market')
  return changed
}
