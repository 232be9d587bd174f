import type { Instant, LocalDate } from '@js-joda/core'
import { type SQL, sql } from 'drizzle-orm'
import { type Queryable, toInstant } from '../../../platform/db/index.ts'
import type { ExperimentReport } from '../../../schemas/dispatch/experiments.ts'
import { dayEnd, dayStart } from '../../../schemas/vocabulary/time.ts'
import { breachesBegun, namesOfConnections } from '../../grid/index.ts'
import { listFlexibleUnits } from '../../market/index.ts'
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
    limits: await limitsOf(db, scope),
    rehearsals: await rehearsalsOf(db, scope, row.firstDay, row.lastDay),
    changes: await changesOf(db, scope),
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
  const [failed] = await db.execute<{ n: number }>(sql`
    select count(*)::int as n from instruction where ${among(sql`fu_id`, [...units.keys()])}
      and state in ('refused', 'expired') and ${within(sql`planned_at`, since, to)}`)
  return { breaches: await breachesBegun(db, connectionIds, since, to), failedInstructions: failed?.n ?? 0 }
}

function among(column: SQL, ids: readonly string[]): SQL {
  return sql`${column} = any(${sql.param([...ids])}::uuid[])`
}

function within(column: SQL, from: Instant, to: Instant): SQL {
  return sql`${column} >= ${from.toString()}::timestamptz and ${column} < ${to.toString()}::timestamptz`
}

type Instruction = ExperimentReport['instructions'][number]

async function instructionsOf(db: Queryable, { from, to, units }: Scope): Promise<Instruction[]> {
  const rows = await db.execute<Record<string, unknown>>(sql`
    select instruction_id, fu_id, product, from_at, to_at, turn_down_w, state from instruction
    where ${among(sql`fu_id`, [...units.keys()])} and ${within(sql`from_at`, from, to)}
    order by from_at desc, instruction_id limit ${mostListed}`)
  return rows.map((row) => ({
    instructionId: String(row['instruction_id']),
    fuId: String(row['fu_id']),
    fuName: units.get(String(row['fu_id'])) ?? String(row['fu_id']),
    product: row['product'] as Instruction['product'],
    from: instantText(row['from_at']),
    to: instantText(row['to_at']),
    turnDownW: Number(row['turn_down_w']),
    state: row['state'] as Instruction['state'],
  }))
}

type Limit = ExperimentReport['limits'][number]

async function limitsOf(db: Queryable, { from, to, connectionIds }: Scope): Promise<Limit[]> {
  const names = await namesOfConnections(db, connectionIds)
  const rows = await db.execute<Record<string, unknown>>(sql`
    select limit_id, connection_id, cause, issued_at, valid_until, state from connection_limit
    where ${among(sql`connection_id`, connectionIds)} and ${within(sql`issued_at`, from, to)}
    order by issued_at desc, limit_id limit ${mostListed}`)
  return rows.map((row) => ({
    limitId: String(row['limit_id']),
    connectionId: String(row['connection_id']),
    connectionName: names.get(String(row['connection_id'])) ?? String(row['connection_id']),
    cause: row['cause'] as Limit['cause'],
    issuedAt: instantText(row['issued_at']),
    validUntil: instantText(row['valid_until']),
    state: row['state'] as Limit['state'],
  }))
}

type Rehearsal = ExperimentReport['rehearsals'][number]

/** Rehearsals for one of its days in which one of its FUs has a part. */
async function rehearsalsOf(db: Queryable, { units }: Scope, from: LocalDate, to: LocalDate): Promise<Rehearsal[]> {
  const rows = await db.execute<Record<string, unknown>>(sql`
    select r.rehearsal_id, r.pseudo_network_id, n.name, r.trading_day::text as day, r.scenario, r.started_at,
      r.started_by, r.adopted_at
    from rehearsal r join pseudo_network n on n.pseudo_network_id = r.pseudo_network_id
    where r.trading_day between ${from.toString()}::date and ${to.toString()}::date
      and exists (select from jsonb_array_elements(n.members) member
        where ${among(sql`(member ->> 'fuId')::uuid`, [...units.keys()])})
    order by r.started_at desc, r.rehearsal_id limit ${mostListed}`)
  return rows.map((row) => ({
    rehearsalId: String(row['rehearsal_id']),
    pseudoNetworkId: String(row['pseudo_network_id']),
    pseudoNetwork: String(row['name']),
    tradingDay: String(row['day']),
    scenario: row['scenario'] as Rehearsal['scenario'],
    startedAt: instantText(row['started_at']),
    startedBy: String(row['started_by']),
    adoptedAt: row['adopted_at'] === null ? null : instantText(row['adopted_at']),
  }))
}

/** What people did meanwhile to its depots and FUs: a switch that was turned, a profile that was approved. */
async function changesOf(
  db: Queryable,
  { from, to, connectionIds, units }: Scope,
): Promise<ExperimentReport['changes']> {
  const names = new Map([...(await namesOfConnections(db, connectionIds)), ...units])
  const rows = await db.execute<Record<string, unknown>>(sql`
    select at, actor, action, subject_type, subject_id from audit_entry
    where subject_type in ('connection', 'fu')
      and subject_id = any(${sql.param([...connectionIds, ...units.keys()])}::text[]) and actor_kind <> 'system'
      and ${within(sql`at`, from, to)}
    order by at desc limit ${mostListed}`)
  return rows.map((row) => ({
    at: instantText(row['at']),
    by: String(row['actor']),
    action: String(row['action']),
    subjectType: String(row['subject_type']),
    subject: names.get(String(row['subject_id'])) ?? String(row['subject_id']),
  }))
}

function instantText(value: unknown): string {
  return toInstant(value as string | Date).toString()
}
