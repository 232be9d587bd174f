import type { LocalDate } from '@js-joda/core'
import { eq } from 'drizzle-orm'
import { readCsv } from '../../../platform/csv/index.ts'
import { toInstant } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import { type LoadForecastValues, nodeLoadW } from '../../../schemas/load.ts'
import { periodStarts } from '../../../schemas/time.ts'
import { instant } from '../../../schemas/units.ts'
import { type Actor, nameOf, recordAudit, type ServerContext } from '../../access/index.ts'
import { allNodes, findNode } from '../../grid/index.ts'
import { forecastFlaw, toQuarterHours } from './rules.ts'
import { type LoadRow, saveLoads } from './store.ts'
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
    ...{ nodeId: key.nodeId, periodStart, loadW: values[i] ?? 0, updatedAt, updatedBy },
  }))
  await store(context, actor, rows, { tradingDay: key.day.toString() })
}

async function store(
  context: ServerContext,
  actor: Actor,
  rows: LoadRow[],
  detail: Record<string, unknown>,
): Promise<void> {
  await context.db.transaction(async (tx) => {
    await saveLoads(tx, rows)
    await recordAudit(tx, context.clock.now(), actor, {
      action: 'load-forecast.saved',
      subject: { type: 'node', id: [...new Set(rows.map((row) => row.nodeId))].slice(0, 10).join(',') },
      detail: { ...detail, quarterHours: rows.length },
    })
  })
}

export const loadHeadings = ['node_id', 'period_start', 'load_w'] as const

/** FA07: stores a file of forecasts by quarter-hour (`period_start` is the start, an instant), whole or not at all. Returns how many rows. */
export async function uploadLoads(context: ServerContext, actor: Actor, body: ReadableStream): Promise<number> {
  const table = await readCsv(body as never, { maxRows: 1_000_000 })
  const flaws = [...table.flaws]
  const missing = loadHeadings.filter((heading) => !table.headings.includes(heading))
  if (missing.length > 0) flaws.push({ line: 1, field: missing.join(', '), message: 'is not among the headings' })
  const known = new Set((await allNodes(context.db)).map((node) => node.nodeId))
  const [updatedAt, updatedBy] = [context.clock.now(), nameOf(actor)]
  const rows = new Map<string, LoadRow>()
  for (const { line, cells } of missing.length > 0 ? [] : table.rows) {
    const [nodeId = '', at = '', text = ''] = loadHeadings.map((heading) => cells[heading])
    const flaw = (field: string, message: string) => flaws.push({ line, field, message })
    const loadW = nodeLoadW.safeParse(text === '' ? null : Number(text))
    if (!known.has(nodeId)) flaw('node_id', `${nodeId} is no network node`)
    if (!loadW.success) flaw('load_w', loadW.error.issues[0]?.message ?? 'is no power')
    if (!instant.safeParse(at).success || Date.parse(at) % 900_000 !== 0)
      flaw('period_start', 'is no start of a quarter-hour')
    else if (loadW.success) {
      const key = `${nodeId}|${Date.parse(at)}`
      if (rows.has(key)) flaw('period_start', 'is given twice for this node')
      rows.set(key, { nodeId, periodStart: toInstant(at), loadW: loadW.data, updatedAt, updatedBy })
    }
  }
  if (flaws.length > 0) {
    const errors = flaws
      .slice(0, 1_000)
      .map((f) => ({ field: `line ${f.line}${f.field ? `, ${f.field}` : ''}`, message: f.message }))
    throw new ProblemError(
      'contract-broken',
      `${errors[0]?.field} ${errors[0]?.message}. Nothing of the file was taken.`,
      { errors },
    )
  }
  await store(context, actor, [...rows.values()], {})
  return rows.size
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
