import type { LocalDate } from '@js-joda/core'
import { eq } from 'drizzle-orm'
import { ProblemError } from '../../../platform/http/index.ts'
import type { LoadForecastValues } from '../../../schemas/planning/load.ts'
import { periodStarts } from '../../../schemas/vocabulary/time.ts'
import { findNode } from '../../grid/index.ts'
import { type Actor, nameOf, recordAudit, type ServerContext } from '../../kit/index.ts'
import { forecastFlaw, toQuarterHours } from './rules.ts'
import { saveLoads } from './store.ts'
import { targetLevel } from './tables.ts'

async function requireNode(context: ServerContext, nodeId: string) {
  const found = await findNode(context.db, nodeId)
  if (!found) throw new ProblemError('not-found', `There is no network node ${nodeId}.`)
  return found
}

/** FA07: stores the expected load of a node on a day. */
export async function saveLoadForecast(
  context: ServerContext,
  actor: Actor,
  key: { nodeId: string; day: LocalDate },
  given: LoadForecastValues,
): Promise<void> {
  await requireNode(context, key.nodeId)
  const flaw = forecastFlaw(key.day, given)
  if (flaw) throw new ProblemError('contract-broken', `${flaw.field} ${flaw.message}.`, { errors: [flaw] })
  const [updatedAt, updatedBy] = [context.clock.now(), nameOf(actor)]
  const values = toQuarterHours(given)
  const rows = periodStarts(key.day, 'PT15M').map((periodStart, i) => ({
    nodeId: key.nodeId,
    periodStart,
    loadW: values[i] ?? 0,
    updatedAt,
    updatedBy,
  }))
  await context.db.transaction(async (tx) => {
    await saveLoads(tx, rows)
    await recordAudit(tx, updatedAt, actor, {
      action: 'load-forecast.saved',
      subject: { type: 'node', id: key.nodeId },
      detail: { tradingDay: key.day.toString(), quarterHours: rows.length },
    })
  })
}

/** Sets the load that a node is to be kept at or under, or goes back to its firm rating with `null`. */
export async function setTarget(
  context: ServerContext,
  actor: Actor,
  nodeId: string,
  targetW: number | null,
): Promise<void> {
  await requireNode(context, nodeId)
  const at = context.clock.now()
  await context.db.transaction(async (tx) => {
    const row = { targetW: targetW ?? 0, setAt: at, setBy: nameOf(actor) }
    if (targetW === null) await tx.delete(targetLevel).where(eq(targetLevel.nodeId, nodeId))
    else
      await tx
        .insert(targetLevel)
        .values({ nodeId, ...row })
        .onConflictDoUpdate({ target: targetLevel.nodeId, set: row })
    await recordAudit(tx, at, actor, {
      action: 'target-level.set',
      subject: { type: 'node', id: nodeId },
      detail: { targetW },
    })
  })
}
