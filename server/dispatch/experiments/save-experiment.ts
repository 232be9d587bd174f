import { LocalDate } from '@js-joda/core'
import { and, eq, ne } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError, problemOf } from '../../../platform/http/index.ts'
import type { ExperimentForm, experimentOperations } from '../../../schemas/dispatch/experiments.ts'
import { brokenField } from '../../../schemas/vocabulary/outcome.ts'
import { findFeed, namesOfConnections } from '../../grid/index.ts'
import { isCurrent, nameOf, type Verb } from '../../kit/index.ts'
import { listFlexibleUnits } from '../../market/index.ts'
import { changeFault } from './rules.ts'
import { changedMeanwhile, type ExperimentRow, formOf, lockExperiment, missing, viewExperiment } from './store.ts'
import { experiment } from './tables.ts'

type Save = Verb<typeof experimentOperations.saveExperiment>
type Call = Parameters<Save>[0]

/** Prepares an experiment, or changes it as far as it may still be changed. */
export const saveExperiment: Save = async (call) => {
  const { db, params, body, version } = call
  const { experimentId } = params
  const before = await lockExperiment(db, experimentId)
  if (!isCurrent(version, before?.revision)) return before ? changedMeanwhile(before) : missing(experimentId)
  const fault = before ? changeFault(before.state, formOf(before), body) : null
  if (fault !== null) throw new ProblemError('conflict', fault)
  await requireFreeName(db, experimentId, body.name)
  await requireKnown(call)
  const saved = await store(call, before)
  call.audit({
    action: before ? 'experiment.changed' : 'experiment.prepared',
    subject: { type: 'experiment', id: experimentId },
    detail: { now: body, before: before ? formOf(before) : null },
  })
  return viewExperiment(saved)
}

async function store({ db, at, actor, params, body }: Call, before: ExperimentRow | undefined): Promise<ExperimentRow> {
  const days = { firstDay: LocalDate.parse(body.firstDay), lastDay: LocalDate.parse(body.lastDay) }
  const row = { ...body, ...days, changedAt: at, changedBy: nameOf(actor) }
  const isIt = eq(experiment.experimentId, params.experimentId)
  if (before) {
    const set = { ...row, revision: before.revision + 1 }
    const [saved] = await db.update(experiment).set(set).where(isIt).returning()
    if (saved) return saved
    throw new Error('a locked experiment is gone')
  }
  const [added] = await db
    .insert(experiment)
    .values({ ...params, ...row, state: 'preparation', moves: [], revision: 1 })
    .onConflictDoNothing()
    .returning()
  if (added) return added
  // Somebody else has added it in between.
  const now = await lockExperiment(db, params.experimentId)
  return now ? changedMeanwhile(now) : taken(body.name)
}

async function requireFreeName(db: Queryable, experimentId: string, name: string): Promise<void> {
  const isOther = and(eq(experiment.name, name), ne(experiment.experimentId, experimentId))
  const rows = await db.select({ id: experiment.experimentId }).from(experiment).where(isOther)
  if (rows.length > 0) taken(name)
}

function taken(name: string): never {
  throw new ProblemError('conflict', `There is an experiment ${name} already: choose another name.`)
}

/** Refuses depots, FUs and feeds that are not there. */
async function requireKnown({ db, at, body }: Call): Promise<void> {
  const { connectionIds, fuIds, requiredData }: ExperimentForm = body
  const names = await namesOfConnections(db, connectionIds)
  const depot = connectionIds.find((id) => !names.has(id))
  if (depot !== undefined) throw problemOf(brokenField('connectionIds', `has no connection: ${depot}`))
  const units = fuIds.length > 0 ? await listFlexibleUnits(db, at, { fuIds }) : []
  const unit = fuIds.find((id) => !units.some(({ fuId }) => fuId === id))
  if (unit !== undefined) throw problemOf(brokenField('fuIds', `has no FU: ${unit}`))
  for (const feedId of requiredData.feedIds)
    if (!(await findFeed(db, at, feedId))) throw problemOf(brokenField('requiredData', `has no feed: ${feedId}`))
}
