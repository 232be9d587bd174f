import { type Instant, LocalDate } from '@js-joda/core'
import { and, eq, sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError, refuse } from '../../../platform/http/index.ts'
import type { ProfileVersion, profileOperations } from '../../../schemas/grid/profiles.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { type Call, nameOf, secondPersonFault, type Verb } from '../../kit/index.ts'
import type { ProfileRecord } from '../connections/index.ts'
import { profile } from '../connections/tables.ts'
import { assess } from '../headroom/index.ts'
import { requireRevision, requireState } from './preconditions.ts'
import { makeRoom } from './rules.ts'
import { lockVersion, saveVersion } from './store.ts'
import { viewVersion } from './views.ts'

type Approval = Call<typeof profileOperations.approveProfile>

/**
 * Approves an application: its limits are then in force on its days. The approver has no hand in it (FM16), and it
 * must fit within the headroom of every node up the tree (NM08); where that is not known, the approver states an assumption, which is kept. The database refuses an overlap with an approved version (FM14), unless
 * `supersede` asks to make room. Bind it with its own transaction: a refused attempt is audited although it changes nothing.
 */
export const approveProfile: Verb<typeof profileOperations.approveProfile> = async (call) => {
  try {
    return await call.transaction((tx) => approve(tx, call))
  } catch (error) {
    if (!(error instanceof ProblemError) || error.kind !== 'second-person-needed') throw error
    const subject = { type: 'profile', id: call.params.id }
    const detail = { reason: error.kind }
    await call.transaction(async () => call.audit({ action: 'profile.approval-refused', subject, detail }))
    throw error
  }
}

/** Advisory lock that makes approvals take turns. */
const approvalLock = 7_411_203

async function approve(tx: Queryable, call: Approval): Promise<ProfileVersion> {
  const { at, actor, params, body, version } = call
  // Approvals take turns: two that each fit alone may not fit together.
  await tx.execute(sql`select pg_advisory_xact_lock(${approvalLock})`)
  const { row, name } = await lockVersion(tx, params.id)
  const state = requireState(row, 'approve')
  requireRevision(row, version)
  refuse(await secondPersonFault(tx, { type: 'profile', id: row.profileId }, actor, `version ${row.version}`))
  requireFuture(row, tradingDayOf(at))
  const assumption = await requireFit(tx, at, row, body.assumption)
  const replaced = body.supersede ? await supersede(tx, row) : []
  const decision = { state, decidedBy: nameOf(actor), decidedAt: at, reason: body.reason ?? null, assumption }
  const saved = await saveVersion(tx, row, decision)
  call.audit({
    action: 'profile.approved',
    subject: { type: 'profile', id: params.id },
    detail: { connectionId: row.connectionId, version: row.version, replaced, assumption },
  })
  return viewVersion(saved, name)
}

/** Limits of past days are history: breaches were assessed against them. */
function requireFuture(row: ProfileRecord, today: LocalDate): void {
  if (!row.validFrom.isBefore(today)) return
  throw new ProblemError(
    'conflict',
    `Version ${row.version} begins on ${row.validFrom}, which is over: amend it to begin on ${today} or later.`,
  )
}

/** Requires that a version fits as far as anybody knows. Returns the assumption to keep, if the assessment lacks facts. */
async function requireFit(
  tx: Queryable,
  at: Instant,
  row: ProfileRecord,
  statement: string | undefined,
): Promise<ProfileVersion['assumption']> {
  const { refusals, missing } = await assess(tx, at, row.profileId, row.connectionId, row)
  const [first] = refusals
  const others = refusals.length > 1 ? `; and ${refusals.length - 1} more` : ''
  if (first)
    throw new ProblemError(
      'conflict',
      `Version ${row.version} exceeds the headroom of the network: ${first.when}: ${first.message}${others}. Amend or reject it.`,
      { errors: refusals.map(({ when, message }) => ({ field: when, message })) },
    )
  if (missing.length === 0) return null
  if (statement !== undefined) return { statement, missing }
  const facts = missing.map(({ name, what, season }) => `the ${season} ${what} of ${name}`)
  throw new ProblemError(
    'conflict',
    `Nobody can say whether version ${row.version} fits: ${facts.join(', ')} is not known. Find it out, or state what you assume.`,
    { errors: [{ field: 'assumption', message: `is needed in place of ${facts.join(', ')}` }] },
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
        `Version ${row.version} holds until ${row.validTo}, longer than this one: make this one end on that day or later, or end version ${row.version} first.`,
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
