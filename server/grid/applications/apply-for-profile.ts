import { type Instant, LocalDate } from '@js-joda/core'
import { eq, sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { ProfileApplication, ProfileVersion } from '../../../schemas/grid/profiles.ts'
import { type AuditRecord, addHand, type CustomerActor, nameOf, type Person } from '../../kit/index.ts'
import { type ProfileRecord, requireWholeDays } from '../connections/index.ts'
import { connection, profile } from '../connections/tables.ts'
import { viewApplication, viewVersion } from './views.ts'

/** The columns of an application, or a 422 that names what is wrong. */
export function contentOf(given: ProfileApplication) {
  requireWholeDays(given.limits)
  const { limits, note, fallbackLimitW } = given
  const [validFrom, validTo] = [LocalDate.parse(given.validFrom), LocalDate.parse(given.validTo)]
  return { limits, note, fallbackLimitW, validFrom, validTo }
}

/** The content of an application, who applies, and for which connection. */
export interface NewApplication {
  at: Instant
  /** A person of the DNO, or the customer whose site it is. */
  actor: Person | CustomerActor
  profileId: string
  connectionId: string
  source: ProfileRecord['source']
  application: ProfileApplication
}

/** Applies for a new version of a profiled connection. No limit changes until another person approves it. */
export async function applyForVersion(
  tx: Queryable,
  given: NewApplication,
  audit: (record: AuditRecord) => void,
): Promise<ProfileVersion> {
  const { profileId, connectionId, source } = given
  const content = contentOf(given.application)
  // Locked, so that two simultaneous applications get different numbers.
  const [site] = await tx.select().from(connection).where(eq(connection.connectionId, connectionId)).for('update')
  if (!site) throw new ProblemError('not-found', `There is no connection ${connectionId}.`)
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
      appliedBy: nameOf(given.actor),
      appliedAt: given.at,
    })
    .returning()
  if (!row) throw new Error('an insert returned no row')
  await addHand(tx, given.at, { type: 'profile', id: profileId }, given.actor, 'applied for')
  audit({
    action: 'profile.applied',
    subject: { type: 'profile', id: profileId },
    detail: { connectionId, version: row.version, source, content: viewApplication(row) },
  })
  return viewVersion(row, site.name)
}
