import { LocalDate } from '@js-joda/core'
import { and, eq, sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { ProfileVersion } from '../../../schemas/grid/profiles.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { type Actor, nameOf, recordAudit, requirePerson, type ServerContext } from '../../kit/index.ts'
import { assess } from './assessment.ts'
import { makeRoom } from './life-cycle.ts'
import { lockVersion, requireRevision, requireState, versionView } from './profiles.ts'
import { overlapProblemOf } from './service.ts'
import type { ProfileRecord } from './store.ts'
import { profile } from './tables.ts'

type Person = ReturnType<typeof requirePerson>

/**
 * Approves an application, which then is the limit in force on its days. Only a person who has neither applied nor edited may (FM16),
 * and only what fits under the headroom of every node up the tree (NM08). An overlap with an approved version is refused by the
 * database (FM14), unless `supersede` asks to make room.
 */
export async function approveProfile(
  context: ServerContext,
  actor: Actor | null,
  profileId: string,
  revision: number | null,
  given: { supersede: boolean; reason?: string | undefined },
): Promise<ProfileVersion> {
  const person = requirePerson(actor, 'planner')
  const at = context.clock.now()
  try {
    return await context.db.transaction(async (tx) => {
      // Approvals take turns: two that each fit alone might not fit together.
      await tx.execute(sql`select pg_advisory_xact_lock(${approvalLock})`)
      const { row, name } = await lockVersion(tx, profileId)
      const state = requireState(row, 'approve')
      requireRevision(row, revision)
      requireSecondPerson(row, person)
      requireFuture(row, tradingDayOf(at))
      await requireFit(tx, context, row)
      const replaced = given.supersede ? await supersede(tx, row) : []
      const saved = await decide(tx, row, {
        state,
        decidedBy: nameOf(person),
        decidedAt: at,
        reason: given.reason ?? null,
      })
      await recordAudit(tx, at, person, {
        action: 'profile.approved',
        subject: { type: 'profile', id: profileId },
        detail: { connectionId: row.connectionId, version: row.version, replaced },
      })
      return versionView(saved, name)
    })
  } catch (error) {
    if (error instanceof ProblemError && error.kind === 'second-person-needed')
      await auditRefusal(context, person, profileId)
    throw error
  }
}

/** A number by which approvals take turns. */
const approvalLock = 7_411_203

function requireSecondPerson(row: ProfileRecord, person: Person): void {
  const own = [row.appliedBy, row.editedBy].includes(nameOf(person))
  if (!own) return
  throw new ProblemError(
    'second-person-needed',
    `You applied for or edited version ${row.version} yourself: another planner has to decide on it.`,
  )
}

/** FM16: the attempt is on record, though it changed nothing. */
async function auditRefusal(context: ServerContext, person: Person, profileId: string): Promise<void> {
  await recordAudit(context.db, context.clock.now(), person, {
    action: 'profile.approval-refused',
    subject: { type: 'profile', id: profileId },
    detail: { reason: 'second-person-needed' },
  })
}

/** Limits of days that are over are history, by which breaches were judged. */
function requireFuture(row: ProfileRecord, today: LocalDate): void {
  if (!row.validFrom.isBefore(today)) return
  throw new ProblemError(
    'conflict',
    `Version ${row.version} begins on ${row.validFrom}, which is over: amend it to begin on ${today} or later.`,
  )
}

async function requireFit(tx: Queryable, context: ServerContext, row: ProfileRecord): Promise<void> {
  const { fits, refusals } = await assess(tx, context.clock.now(), row.profileId, row.connectionId, row)
  if (fits) return
  const [first] = refusals
  throw new ProblemError(
    'conflict',
    `Version ${row.version} exceeds the headroom of the network: ${first?.when}: ${first?.message}${refusals.length > 1 ? `; and ${refusals.length - 1} more` : ''}. Amend or reject it.`,
    { errors: refusals.map(({ when, message }) => ({ field: when, message })) },
  )
}

async function supersede(tx: Queryable, given: ProfileRecord): Promise<{ version: number; became: string }[]> {
  const approved = await tx
    .select()
    .from(profile)
    .where(and(eq(profile.connectionId, given.connectionId), eq(profile.state, 'approved')))
    .for('update')
  const present = approved.map((row) => ({ ...rangeOf(row), row }))
  const nextDay = (day: string, by: 1 | -1) => LocalDate.parse(day).plusDays(by).toString()
  const replaced: { version: number; became: string }[] = []
  for (const change of makeRoom(present, rangeOf(given), nextDay)) {
    const { row } = change.version
    if (change.kind === 'split')
      throw new ProblemError(
        'conflict',
        `Version ${row.version} holds until ${row.validTo}, longer than this one: let this one end on that day or later, or end version ${row.version} first.`,
      )
    const set =
      change.kind === 'superseded'
        ? { state: 'superseded' as const }
        : { validFrom: LocalDate.parse(change.range.validFrom), validTo: LocalDate.parse(change.range.validTo) }
    await tx
      .update(profile)
      .set({ ...set, revision: row.revision + 1 })
      .where(eq(profile.profileId, row.profileId))
    const became = 'range' in change ? `${change.range.validFrom} to ${change.range.validTo}` : 'superseded'
    replaced.push({ version: row.version, became })
  }
  return replaced
}

function rangeOf(row: ProfileRecord) {
  return { validFrom: row.validFrom.toString(), validTo: row.validTo.toString() }
}

async function decide(tx: Queryable, row: ProfileRecord, change: Partial<ProfileRecord>): Promise<ProfileRecord> {
  try {
    const [saved] = await tx
      .update(profile)
      .set({ ...change, revision: row.revision + 1 })
      .where(eq(profile.profileId, row.profileId))
      .returning()
    if (!saved) throw new Error('a locked row is gone')
    return saved
  } catch (error) {
    throw overlapProblemOf(row, error) ?? error
  }
}

/** Rejects an application, with the reason for the applicant. */
export async function rejectProfile(
  context: ServerContext,
  actor: Actor | null,
  profileId: string,
  revision: number | null,
  reason: string,
): Promise<ProfileVersion> {
  const person = requirePerson(actor, 'planner')
  const at = context.clock.now()
  return context.db.transaction(async (tx) => {
    const { row, name } = await lockVersion(tx, profileId)
    const state = requireState(row, 'reject')
    requireRevision(row, revision)
    const saved = await decide(tx, row, { state, decidedBy: nameOf(person), decidedAt: at, reason })
    await recordAudit(tx, at, person, {
      action: 'profile.rejected',
      subject: { type: 'profile', id: profileId },
      detail: { connectionId: row.connectionId, version: row.version, reason },
    })
    return versionView(saved, name)
  })
}
