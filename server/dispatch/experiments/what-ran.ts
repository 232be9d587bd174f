import type { Instant, LocalDate } from '@js-joda/core'
import { and, asc, between, type Column, count, desc, eq, gte, inArray, lt, ne, type SQL, sql } from 'drizzle-orm'
import { type Queryable, toInstant } from '../../../platform/db/index.ts'
import type { ExperimentReport } from '../../../schemas/dispatch/experiments.ts'
import { dayEnd, dayStart } from '../../../schemas/vocabulary/time.ts'
import { breachesBegun, namesOfConnections } from '../../grid/index.ts'
import { auditEntry } from '../../kit/index.ts'
import { listFlexibleUnits } from '../../market/index.ts'
import { connectionLimit } from '../import-limits/tables.ts'
import { instruction } from '../instructions/tables.ts'
import { pseudoNetwork, rehearsal } from '../rehearsals/tables.ts'
import type { ExperimentRow } from './store.ts'

/** The most of each kind that are listed. */
const mostListed = 500

type Ran = Pick<ExperimentReport, 'depots' | 'instructions' | 'limits' | 'rehearsals' | 'changes'>

/** Where and when to look for what belongs to an experiment. */
interface Scope {
  from: Instant
  to: Instant
  connectionIds: readonly string[]
  units: ReadonlyMap<string, string>
}

async function scopeOf(db: Queryable, at: Instant, row: ExperimentRow): Promise<Scope> {
  const { connectionIds, fuIds, endedAt } = row
  const named = fuIds.length > 0 ? await listFlexibleUnits(db, at, { fuIds }) : []
  const there = connectionIds.length > 0 ? await listFlexibleUnits(db, at, { connectionIds }) : []
  const end = dayEnd(row.lastDay)
  return {
    from: dayStart(row.firstDay),
    to: endedAt?.isBefore(end) ? endedAt : end,
    connectionIds,
    units: new Map([...named, ...there].map(({ fuId, name }) => [fuId, name])),
  }
}

/** What ran in the days of an experiment at its depots and FUs, until its end: of each kind the latest, the latest first. */
export async function whatRan(db: Queryable, at: Instant, row: ExperimentRow): Promise<Ran> {
  const scope = await scopeOf(db, at, row)
  const names = await namesOfConnections(db, row.connectionIds)
  return {
    depots: row.connectionIds.map((connectionId) => ({ connectionId, name: names.get(connectionId) ?? connectionId })),
    instructions: await instructionsOf(db, scope),
    limits: await limitsOf(db, scope, names),
    rehearsals: await rehearsalsOf(db, scope, row.firstDay, row.lastDay),
    changes: await changesOf(db, scope, names),
  }
}

/** What the halt rule counts: since the experiment was last started or resumed, so that one that goes on is not halted for the same again. */
export async function haltFigures(
  db: Queryable,
  at: Instant,
  row: ExperimentRow,
): Promise<ExperimentReport['figures']> {
  const { from, to, connectionIds, units } = await scopeOf(db, at, row)
  const resumed = row.moves.findLast(({ event }) => event === 'start' || event === 'resume')
  const since = resumed ? toInstant(resumed.at) : from
  const { fuId, state, plannedAt } = instruction
  const failed = and(inArray(state, ['refused', 'expired']), within(plannedAt, since, to))
  const [found] = await db
    .select({ failed: count() })
    .from(instruction)
    .where(and(inArray(fuId, [...units.keys()]), failed))
  return { breaches: await breachesBegun(db, connectionIds, since, to), failedInstructions: found?.failed ?? 0 }
}

function within(column: Column, from: Instant, to: Instant): SQL | undefined {
  return and(gte(column, from), lt(column, to))
}

async function instructionsOf(db: Queryable, { from, to, units }: Scope): Promise<Ran['instructions']> {
  const { instructionId, fuId, product, fromAt, toAt, turnDownW, state } = instruction
  const rows = await db
    .select({ instructionId, fuId, product, fromAt, toAt, turnDownW, state })
    .from(instruction)
    .where(and(inArray(fuId, [...units.keys()]), within(fromAt, from, to)))
    .orderBy(desc(fromAt), asc(instructionId))
    .limit(mostListed)
  return rows.map(({ fromAt: begins, toAt: ends, ...row }) => ({
    ...row,
    fuName: units.get(row.fuId) ?? row.fuId,
    from: begins.toString(),
    to: ends.toString(),
  }))
}

async function limitsOf(
  db: Queryable,
  { from, to, connectionIds }: Scope,
  names: ReadonlyMap<string, string>,
): Promise<Ran['limits']> {
  const { limitId, connectionId, cause, issuedAt, validUntil, state } = connectionLimit
  const rows = await db
    .select({ limitId, connectionId, cause, issuedAt, validUntil, state })
    .from(connectionLimit)
    .where(and(inArray(connectionId, [...connectionIds]), within(issuedAt, from, to)))
    .orderBy(desc(issuedAt), asc(limitId))
    .limit(mostListed)
  return rows.map((row) => ({
    ...row,
    connectionName: names.get(row.connectionId) ?? row.connectionId,
    issuedAt: row.issuedAt.toString(),
    validUntil: row.validUntil.toString(),
  }))
}

/** Rehearsals for one of its days in which one of its FUs has a part. */
async function rehearsalsOf(
  db: Queryable,
  { units }: Scope,
  firstDay: LocalDate,
  lastDay: LocalDate,
): Promise<Ran['rehearsals']> {
  const { rehearsalId, pseudoNetworkId, tradingDay, scenario, startedAt, startedBy, adoptedAt } = rehearsal
  const hasPart = sql`exists (select from jsonb_array_elements(${pseudoNetwork.members}) member
    where member ->> 'fuId' = any(${sql.param([...units.keys()])}::text[]))`
  const rows = await db
    .select({
      rehearsalId,
      pseudoNetworkId,
      pseudoNetwork: pseudoNetwork.name,
      tradingDay,
      scenario,
      startedAt,
      startedBy,
      adoptedAt,
    })
    .from(rehearsal)
    .innerJoin(pseudoNetwork, eq(pseudoNetwork.pseudoNetworkId, pseudoNetworkId))
    .where(and(between(tradingDay, firstDay, lastDay), hasPart))
    .orderBy(desc(startedAt), asc(rehearsalId))
    .limit(mostListed)
  return rows.map((row) => ({
    ...row,
    tradingDay: row.tradingDay.toString(),
    startedAt: row.startedAt.toString(),
    adoptedAt: row.adoptedAt?.toString() ?? null,
  }))
}

/** What people did meanwhile to its depots and FUs: a switch that was turned, a profile that was approved. */
async function changesOf(
  db: Queryable,
  { from, to, connectionIds, units }: Scope,
  depots: ReadonlyMap<string, string>,
): Promise<Ran['changes']> {
  const names = new Map([...depots, ...units])
  const { at, actor, action, subjectType, subjectId, actorKind, entryId } = auditEntry
  const isOfIt = and(
    inArray(subjectType, ['connection', 'fu']),
    inArray(subjectId, [...connectionIds, ...units.keys()]),
  )
  const rows = await db
    .select({ at, by: actor, action, subjectType, subjectId })
    .from(auditEntry)
    .where(and(isOfIt, ne(actorKind, 'system'), within(at, from, to)))
    .orderBy(desc(at), desc(entryId))
    .limit(mostListed)
  return rows.map(({ subjectId: id, ...row }) => ({ ...row, at: row.at.toString(), subject: names.get(id) ?? id }))
}
