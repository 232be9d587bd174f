import { desc, eq } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { Experiment, ExperimentForm } from '../../../schemas/dispatch/experiments.ts'
import { momentInWords } from '../../../schemas/vocabulary/time.ts'
import { afterCursor, type PageQuery, pageFrom } from '../../kit/index.ts'
import { experiment } from './tables.ts'

export type ExperimentRow = typeof experiment.$inferSelect

/** A page of experiments, those with the latest first day first. */
export async function pageOfExperiments(db: Queryable, query: PageQuery) {
  const sorted = [experiment.firstDay, experiment.experimentId]
  const rows = await db
    .select()
    .from(experiment)
    .where(afterCursor(query, sorted, 'desc'))
    .orderBy(...sorted.map((column) => desc(column)))
    .limit(query.limit + 1)
  return pageFrom(rows, query, (row) => [row.firstDay.toString(), row.experimentId], viewExperiment)
}

export async function findExperiment(db: Queryable, experimentId: string): Promise<ExperimentRow> {
  const [row] = await db.select().from(experiment).where(eq(experiment.experimentId, experimentId))
  return row ?? missing(experimentId)
}

/** An experiment, locked until the transaction is done. */
export async function lockExperiment(tx: Queryable, experimentId: string): Promise<ExperimentRow | undefined> {
  const [row] = await tx.select().from(experiment).where(eq(experiment.experimentId, experimentId)).for('update')
  return row
}

/** @throws that there is no such experiment. */
export function missing(experimentId: string): never {
  throw new ProblemError('not-found', `There is no experiment ${experimentId}: GET /experiments lists them.`)
}

/** @throws that somebody else was faster. */
export function changedMeanwhile({ name, changedBy, changedAt, revision }: ExperimentRow): never {
  throw new ProblemError(
    'changed-meanwhile',
    `${changedBy} changed ${name} at ${momentInWords(changedAt)}: read it again, and change it from there.`,
    { headers: { etag: `"${revision}"` } },
  )
}

/** What people state of an experiment. */
export function formOf(row: ExperimentRow): ExperimentForm {
  const { name, purpose, firstDay, lastDay, connectionIds, fuIds, switches, requiredData, haltRule } = row
  return {
    name,
    purpose,
    firstDay: firstDay.toString(),
    lastDay: lastDay.toString(),
    connectionIds,
    fuIds,
    switches,
    requiredData,
    haltRule,
  }
}

export function viewExperiment(row: ExperimentRow): Experiment {
  const { experimentId, state, moves, startedAt, endedAt, result, changedAt, changedBy, revision } = row
  return {
    experimentId,
    ...formOf(row),
    state,
    moves,
    startedAt: startedAt?.toString() ?? null,
    endedAt: endedAt?.toString() ?? null,
    result,
    changedAt: changedAt.toString(),
    changedBy,
    etag: String(revision),
  }
}
