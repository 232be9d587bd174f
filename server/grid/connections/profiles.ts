import { LocalDate } from '@js-joda/core'
import { and, desc, eq, inArray, sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { Assessment, ProfileApplication, ProfileVersion } from '../../../schemas/grid/profiles.ts'
import { type Actor, nameOf, recordAudit, requirePerson, type ServerContext } from '../../kit/index.ts'
import { assess } from './assessment.ts'
import { differences, type ProfileState, profileTransitions } from './life-cycle.ts'
import { flawOf } from './rules.ts'
import type { ProfileRecord } from './store.ts'
import { connection, profile } from './tables.ts'

/** A version as the API answers it. */
export function versionView(row: ProfileRecord, connectionName: string): ProfileVersion {
  return {
    profileId: row.profileId,
    connectionId: row.connectionId,
    connectionName,
    version: row.version,
    state: row.state,
    validFrom: row.validFrom.toString(),
    validTo: row.validTo.toString(),
    fallbackLimitW: row.fallbackLimitW,
    limits: row.limits,
    note: row.note,
    source: row.source,
    revision: row.revision,
    appliedBy: row.appliedBy,
    appliedAt: row.appliedAt?.toString() ?? null,
    editedBy: row.editedBy,
    decidedBy: row.decidedBy,
    decidedAt: row.decidedAt?.toString() ?? null,
    reason: row.reason,
  }
}

/** The columns of an application, or a 422 that names what is wrong with it. */
function contentOf(given: ProfileApplication) {
  const flaw = flawOf(given.limits)
  if (flaw) throw new ProblemError('contract-broken', `${flaw.field}: ${flaw.message}`, { errors: [flaw] })
  const { limits, note, fallbackLimitW } = given
  return {
    limits,
    note,
    fallbackLimitW,
    validFrom: LocalDate.parse(given.validFrom),
    validTo: LocalDate.parse(given.validTo),
  }
}

/**
 * Applies for a new version of a profiled connection. It changes no limit until another person approves it.
 * @param profileId of the new version; the same again answers what was made the first time.
 */
export async function applyForProfile(
  context: ServerContext,
  actor: Actor,
  given: ProfileApplication & { connectionId: string; profileId: string; source: ProfileRecord['source'] },
): Promise<ProfileVersion> {
  const content = contentOf(given)
  const { connectionId, profileId, source } = given
  const at = context.clock.now()
  return context.db.transaction(async (tx) => {
    // Locked, so that two applications at once get two numbers.
    const [site] = await tx.select().from(connection).where(eq(connection.connectionId, connectionId)).for('update')
    if (!site) throw new ProblemError('not-found', `There is no connection ${connectionId}.`)
    const [known] = await tx.select().from(profile).where(eq(profile.profileId, profileId))
    if (known) return versionView(known, site.name)
    const [{ last } = { last: 0 }] = await tx
      .select({ last: sql<number>`coalesce(max(${profile.version}), 0)` })
      .from(profile)
      .where(eq(profile.connectionId, connectionId))
    const [row] = await tx
      .insert(profile)
      .values({
        profileId,
        connectionId,
        version: last + 1,
        state: 'applied',
        source,
        ...content,
        appliedBy: nameOf(actor),
        appliedAt: at,
      })
      .returning()
    if (!row) throw new Error('an insert returned no row')
    await recordAudit(tx, at, actor, {
      action: 'profile.applied',
      subject: { type: 'profile', id: profileId },
      detail: { connectionId, version: row.version, source, content: wireOf(row) },
    })
    return versionView(row, site.name)
  })
}

/** What of a version can be edited, as it is sent and compared. */
function wireOf(
  row: Pick<ProfileRecord, 'validFrom' | 'validTo' | 'fallbackLimitW' | 'limits' | 'note'>,
): ProfileApplication {
  const { fallbackLimitW, limits, note } = row
  return { validFrom: row.validFrom.toString(), validTo: row.validTo.toString(), fallbackLimitW, limits, note }
}

/** Changes an application that is not decided yet. Whoever changed it since the caller read it is named, with what differs (FM15). */
export async function amendProfile(
  context: ServerContext,
  actor: Actor | null,
  profileId: string,
  revision: number | null,
  given: ProfileApplication,
): Promise<ProfileVersion> {
  const person = requirePerson(actor, 'planner')
  const content = contentOf(given)
  const at = context.clock.now()
  return context.db.transaction(async (tx) => {
    const { row, name } = await lockVersion(tx, profileId)
    requireState(row, 'amend')
    requireRevision(row, revision, given)
    const change = { ...content, revision: row.revision + 1, editedBy: nameOf(person) }
    const [saved] = await tx.update(profile).set(change).where(eq(profile.profileId, profileId)).returning()
    if (!saved) throw new Error('a locked row is gone')
    await recordAudit(tx, at, person, {
      action: 'profile.amended',
      subject: { type: 'profile', id: profileId },
      detail: { revision: saved.revision, before: wireOf(row), after: wireOf(saved) },
    })
    return versionView(saved, name)
  })
}

/** A version locked for change, with the name of its connection. */
export async function lockVersion(tx: Queryable, profileId: string): Promise<{ row: ProfileRecord; name: string }> {
  const [found] = await tx
    .select({ row: profile, name: connection.name })
    .from(profile)
    .innerJoin(connection, eq(connection.connectionId, profile.connectionId))
    .where(eq(profile.profileId, profileId))
    .for('update', { of: profile })
  if (!found) throw new ProblemError('not-found', `There is no profile ${profileId}.`)
  return found
}

/** The state that an event leads to, or a 409 that says why it cannot be. */
export function requireState(row: ProfileRecord, event: 'amend' | 'approve' | 'reject'): ProfileState {
  const next = profileTransitions[row.state][event]
  if (next) return next
  const by = row.decidedBy ? ` by ${row.decidedBy}` : ''
  throw new ProblemError(
    'conflict',
    `Version ${row.version} is ${row.state}${by}: only an application can be changed or decided.`,
  )
}

/** Makes sure that the caller has seen the present revision. @param sent what the caller wants it to be, to show what differs. */
export function requireRevision(row: ProfileRecord, revision: number | null, sent?: ProfileApplication): void {
  if (revision === null)
    throw new ProblemError('precondition-required', 'Send If-Match with the ETag of the version that you have read.')
  if (revision === row.revision) return
  const shown = sent ? differences(wireOf(row), sent) : []
  const text = (value: unknown) => (value === undefined ? 'not there' : JSON.stringify(value))
  throw new ProblemError(
    'changed-meanwhile',
    `${row.editedBy ?? 'Somebody'} changed version ${row.version} meanwhile; it is at revision ${row.revision} now. Read it again, and bring your changes into it.`,
    {
      errors: shown.map((d) => ({ field: d.field, message: `is now ${text(d.now)}; you sent ${text(d.sent)}` })),
      headers: { etag: `"${row.revision}"` },
    },
  )
}

/** Versions of one connection, or of all in some states: newest first. */
export async function listVersions(
  db: Queryable,
  query: { connectionId?: string | undefined; states?: readonly ProfileState[] | undefined },
): Promise<ProfileVersion[]> {
  const rows = await db
    .select({ row: profile, name: connection.name })
    .from(profile)
    .innerJoin(connection, eq(connection.connectionId, profile.connectionId))
    .where(
      and(
        query.connectionId ? eq(profile.connectionId, query.connectionId) : undefined,
        query.states ? inArray(profile.state, [...query.states]) : undefined,
      ),
    )
    .orderBy(sql`${profile.appliedAt} desc nulls last`, desc(profile.version))
    .limit(500)
  return rows.map(({ row, name }) => versionView(row, name))
}

/** A version; 404 when there is none. */
export async function findVersion(
  db: Queryable,
  profileId: string,
): Promise<{ row: ProfileRecord; view: ProfileVersion }> {
  const [found] = await db
    .select({ row: profile, name: connection.name })
    .from(profile)
    .innerJoin(connection, eq(connection.connectionId, profile.connectionId))
    .where(eq(profile.profileId, profileId))
  if (!found) throw new ProblemError('not-found', `There is no profile ${profileId}.`)
  return { row: found.row, view: versionView(found.row, found.name) }
}

/** Judges a version as things stand now. */
export async function assessVersion(context: ServerContext, profileId: string): Promise<Assessment> {
  const { row } = await findVersion(context.db, profileId)
  return assess(context.db, context.clock.now(), profileId, row.connectionId, row)
}
