import type { Instant } from '@js-joda/core'
import { and, asc, desc, eq, gt, gte, ilike, inArray, lte, or, sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { degreesOf } from '../../../platform/geography/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { NetworkNode } from '../../../schemas/grid/connections.ts'
import type { DemandRun, RunNode } from '../../../schemas/planning/demand-runs.ts'
import { afterCursor, keyIn, lostAfterS, lostFailure, mostAttempts, type PageQuery, pageFrom } from '../../kit/index.ts'
import { archetypes } from './outlook/profiles.ts'
import { demandRun, demandRunArea, demandRunNode } from './tables.ts'

export type RunRow = typeof demandRun.$inferSelect
export type NodeRow = typeof demandRunNode.$inferSelect

/** Stores a run that a job will carry out. */
export async function addRun(
  tx: Queryable,
  given: Pick<RunRow, 'runId' | 'kind' | 'title' | 'requestedAt' | 'requestedBy' | 'record' | 'isSynthetic'>,
): Promise<RunRow> {
  const [row] = await tx
    .insert(demandRun)
    .values({ ...given, state: 'waiting' })
    .returning()
  if (!row) throw new Error(`run ${given.runId} was not stored`)
  return row
}

/** A run; throws a problem if there is none. */
export async function requireRun(db: Queryable, runId: string): Promise<RunRow> {
  const [row] = await db.select().from(demandRun).where(eq(demandRun.runId, runId))
  if (row) return row
  throw new ProblemError('not-found', `There is no run of EV demand ${runId}: list the runs.`)
}

/** A run of a kind that is done; throws a problem that says what it lacks. */
export async function requireDone(db: Queryable, runId: string, kind: RunRow['kind']): Promise<RunRow> {
  const run = await requireRun(db, runId)
  if (run.kind !== kind) throw new ProblemError('conflict', `${run.title} is a run over ${run.kind}, not over ${kind}.`)
  if (run.state === 'done') return run
  const advice = run.state === 'waiting' || run.state === 'running' ? 'wait until it is done' : 'start another'
  throw new ProblemError('conflict', `The run ${run.title} is ${run.state}: ${advice}.`)
}

/** Takes the run that has waited longest, or one that its server left. `null` if there is none. */
export async function claimRun(db: Queryable, at: Instant): Promise<RunRow | null> {
  const lost = and(eq(demandRun.state, 'running'), lte(demandRun.aliveAt, at.minusSeconds(lostAfterS)))
  await db
    .update(demandRun)
    .set({ state: 'failed', finishedAt: at, failure: lostFailure })
    .where(and(lost, gte(demandRun.attempts, mostAttempts)))
  const next = db
    .select({ runId: demandRun.runId })
    .from(demandRun)
    .where(or(eq(demandRun.state, 'waiting'), lost))
    .orderBy(asc(demandRun.requestedAt), asc(demandRun.runId))
    .limit(1)
    .for('update', { skipLocked: true })
  const [row] = await db
    .update(demandRun)
    .set({ state: 'running', startedAt: at, aliveAt: at, progress: 0, attempts: sql`${demandRun.attempts} + 1` })
    .where(eq(demandRun.runId, sql`(${next})`))
    .returning()
  return row ?? null
}

/** Changes a run that this server works on; `false` if it was cancelled meanwhile, or another server has it. */
export async function changeOwnRun(
  db: Queryable,
  { runId, attempts }: Pick<RunRow, 'runId' | 'attempts'>,
  set: Partial<RunRow>,
): Promise<boolean> {
  const own = and(eq(demandRun.runId, runId), eq(demandRun.state, 'running'), eq(demandRun.attempts, attempts))
  const changed = await db.update(demandRun).set(set).where(own).returning({ runId: demandRun.runId })
  return changed.length > 0
}

/** Cancels a run that waits or is worked on; throws a problem if it has ended. Its server notices, and stores nothing. */
export async function cancelRun(db: Queryable, runId: string, at: Instant): Promise<RunRow> {
  const [row] = await db
    .update(demandRun)
    .set({ state: 'cancelled', finishedAt: at })
    .where(and(eq(demandRun.runId, runId), inArray(demandRun.state, ['waiting', 'running'])))
    .returning()
  if (row) return row
  const { title, state } = await requireRun(db, runId)
  throw new ProblemError('conflict', `The run ${title} is ${state} already: there is nothing to cancel.`)
}

/** A page of runs, the latest first. */
export async function pageOfRuns(db: Queryable, query: PageQuery) {
  const columns = [sql`${demandRun.requestedAt}`, sql`${demandRun.runId}`]
  const rows = await db
    .select()
    .from(demandRun)
    .where(afterCursor(query, columns, 'desc'))
    .orderBy(...columns.map((column) => desc(column)))
    .limit(query.limit + 1)
  return pageFrom(rows, query, (row) => [row.requestedAt.toString(), row.runId], viewDemandRun)
}

export function viewDemandRun({
  requestedAt,
  startedAt,
  finishedAt,
  aliveAt: _,
  attempts: __,
  ...row
}: RunRow): DemandRun {
  return {
    ...row,
    requestedAt: requestedAt.toString(),
    startedAt: startedAt?.toString() ?? null,
    finishedAt: finishedAt?.toString() ?? null,
  }
}

/** Which nodes of a run are wanted: of a kind, or with a text in their name or identifier. */
interface NodeFilter {
  kind?: NetworkNode['kind'] | undefined
  search?: string | undefined
}

/** Nodes of a run by rank, after one of them. */
export async function nodesAfter(
  db: Queryable,
  runId: string,
  rank: number,
  limit: number,
  { kind, search = '' }: NodeFilter = {},
): Promise<NodeRow[]> {
  const pattern = `%${search.trim().replaceAll(/[\\%_]/g, String.raw`\$&`)}%`
  return db
    .select()
    .from(demandRunNode)
    .where(
      and(
        eq(demandRunNode.runId, runId),
        gt(demandRunNode.rank, rank),
        kind && eq(demandRunNode.kind, kind),
        search.trim() === '' ? undefined : or(ilike(demandRunNode.name, pattern), ilike(demandRunNode.nodeId, pattern)),
      ),
    )
    .orderBy(asc(demandRunNode.rank))
    .limit(limit)
}

/** All nodes of a run in batches. */
export async function* nodeBatches(db: Queryable, runId: string, size: number): AsyncGenerator<NodeRow[]> {
  for (let last = 0; ; ) {
    const rows = await nodesAfter(db, runId, last, size)
    if (rows.length > 0) yield rows
    if (rows.length < size) return
    last = rows.at(-1)?.rank ?? last
  }
}

/** Nodes of a run by rank, with the figures of a year of it, or of its last. Throws a problem that names its years if it has not that one. */
export async function pageOfNodes(
  db: Queryable,
  run: RunRow,
  query: PageQuery & NodeFilter & { year?: number | undefined },
) {
  const y = yearIn(run, query.year)
  const [after = 0] = query.cursor === undefined ? [] : keyIn(query.cursor)
  const rows = await nodesAfter(db, run.runId, Number(after), query.limit + 1, query)
  return pageFrom(
    rows,
    query,
    (row) => [row.rank],
    (row) => viewRunNode(row, y),
  )
}

/** The years of a run over the network; none before it is done. */
export function yearsOfRun({ summary }: RunRow): number[] {
  return (summary?.['years'] as number[] | undefined) ?? []
}

/**
 * Where a year stands among those of a run, counted from its first; the last where none is asked for. Throws a problem that names its years if
 * it has not that one.
 */
export function yearIn(run: RunRow, year: number | undefined): number {
  const years = yearsOfRun(run)
  if (year === undefined) return -1
  const y = years.indexOf(year)
  if (y >= 0) return y
  const known = years.length === 0 ? 'it has none yet' : `it has ${years[0]} to ${years.at(-1)}`
  throw new ProblemError('conflict', `The run has no year ${year}: ${known}.`)
}

/** A node of a run; throws a problem if the run has none. */
export async function requireRunNode(db: Queryable, runId: string, nodeId: string): Promise<NodeRow> {
  const [row] = await db
    .select()
    .from(demandRunNode)
    .where(and(eq(demandRunNode.runId, runId), eq(demandRunNode.nodeId, nodeId)))
  if (row) return row
  throw new ProblemError('not-found', `The run gives no demand to a node ${nodeId}: list its nodes.`)
}

/** A node in a year of its run. @param y the year, counted from the run's first, or from the end if negative: the last by default. */
export function viewRunNode(row: NodeRow, y = -1): RunNode {
  const { rank, nodeId, name, kind, firstYear, confidence, leastHeadroomW, hoursOver, peakW, vehicles } = row
  return {
    rank,
    nodeId,
    name,
    kind,
    place: degreesOf(row.eastingM, row.northingM),
    firstYear,
    isKnown: leastHeadroomW !== null,
    hoursOver: hoursOver?.at(y) ?? null,
    leastHeadroomW: leastHeadroomW?.at(y) ?? null,
    peakW: peakW.at(y) ?? 0,
    // Archetypes stand year by year.
    vehicles: archetypes.reduce((sum, _, a) => sum + (vehicles.at(y * archetypes.length + a) ?? 0), 0),
    confidence,
  }
}

/** Areas of a run in batches by code. */
export async function areasAfter(db: Queryable, runId: string, area: string, limit: number) {
  return db
    .select()
    .from(demandRunArea)
    .where(and(eq(demandRunArea.runId, runId), sql`${demandRunArea.area} collate "C" > ${area}`))
    .orderBy(sql`${demandRunArea.area} collate "C"`)
    .limit(limit)
}
