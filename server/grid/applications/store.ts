import { and, desc, eq, inArray, sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { ProfileState } from '../../../schemas/grid/connections.ts'
import type { ProfileVersion } from '../../../schemas/grid/profiles.ts'
import { overlapProblemOf, type ProfileRecord } from '../connections/index.ts'
import { connection, profile } from '../connections/tables.ts'
import { viewVersion } from './views.ts'

/** A version with the name of its connection. */
export interface NamedVersion {
  row: ProfileRecord
  name: string
}

const named = { row: profile, name: connection.name }

/** The most versions that a list returns. */
const listed = 500

/** Versions of some connections or all, in one state or any, newest first. */
export async function listVersions(
  db: Queryable,
  { connectionIds, state }: { connectionIds?: readonly string[] | undefined; state?: ProfileState | undefined },
): Promise<ProfileVersion[]> {
  const rows = await db
    .select(named)
    .from(profile)
    .innerJoin(connection, eq(connection.connectionId, profile.connectionId))
    .where(
      and(
        connectionIds ? inArray(profile.connectionId, [...connectionIds]) : undefined,
        state ? eq(profile.state, state) : undefined,
      ),
    )
    .orderBy(sql`${profile.appliedAt} desc nulls last`, desc(profile.version))
    .limit(listed)
  return rows.map(({ row, name }) => viewVersion(row, name))
}

/** A version; `null` if unknown. */
export async function findVersion(db: Queryable, profileId: string): Promise<NamedVersion | null> {
  const [found] = await db
    .select(named)
    .from(profile)
    .innerJoin(connection, eq(connection.connectionId, profile.connectionId))
    .where(eq(profile.profileId, profileId))
  return found ?? null
}

/** A version; 404 if unknown. */
export async function versionOf(db: Queryable, profileId: string): Promise<NamedVersion> {
  return (await findVersion(db, profileId)) ?? notFound(profileId)
}

/** A version, locked for update; 404 if unknown. */
export async function lockVersion(tx: Queryable, profileId: string): Promise<NamedVersion> {
  const [found] = await tx
    .select(named)
    .from(profile)
    .innerJoin(connection, eq(connection.connectionId, profile.connectionId))
    .where(eq(profile.profileId, profileId))
    .for('update', { of: profile })
  return found ?? notFound(profileId)
}

function notFound(profileId: string): never {
  throw new ProblemError('not-found', `There is no profile ${profileId}.`)
}

/** Saves a locked version as its next revision. Throws a 409 that names the clash if it would overlap an approved one. */
export async function saveVersion(
  tx: Queryable,
  row: ProfileRecord,
  change: Partial<ProfileRecord>,
): Promise<ProfileRecord> {
  try {
    const [saved] = await tx
      .update(profile)
      .set({ ...change, revision: row.revision + 1 })
      .where(eq(profile.profileId, row.profileId))
      .returning()
    if (!saved) throw new Error('a locked row has disappeared')
    return saved
  } catch (error) {
    throw overlapProblemOf(row, error) ?? error
  }
}
