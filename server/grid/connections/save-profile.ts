import { randomUUID } from 'node:crypto'
import { LocalDate } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import { codeOf } from '../../../platform/errors/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { ProfileLimits } from '../../../schemas/grid/profiles.ts'
import { flawOfLimits } from './profile-rules.ts'
import type { ProfileRecord } from './store.ts'
import { profile } from './tables.ts'

/** A version of a profiled connection as it is saved; `validTo` is its last day. */
export interface NewProfile {
  connectionId: string
  version: number
  state: ProfileRecord['state']
  validFrom: LocalDate
  validTo: LocalDate
  fallbackLimitW: number | null
  limits: ProfileLimits
}

/** Refuses limits that do not cover every day completely, with a 422 that names the field. */
export function requireWholeDays(limits: ProfileLimits): void {
  const flaw = flawOfLimits(limits)
  if (flaw) throw new ProblemError('contract-broken', `${flaw.field}: ${flaw.message}`, { errors: [flaw] })
}

/** Creates or updates a version of a profiled connection. An overlap of approved versions is a 409 that names the clash. */
export async function saveProfile(tx: Queryable, given: NewProfile): Promise<void> {
  requireWholeDays(given.limits)
  const { connectionId, version, ...rest } = given
  try {
    await tx
      .insert(profile)
      .values({ profileId: randomUUID(), connectionId, version, ...rest })
      .onConflictDoUpdate({ target: [profile.connectionId, profile.version], set: rest })
  } catch (error) {
    throw overlapProblemOf(given, error) ?? error
  }
}

/**
 * The 409 for an overlap of approved versions; `null` for any other error. The clash is read from PostgreSQL's own error detail, because
 * a failed transaction accepts no more queries.
 */
export function overlapProblemOf(
  given: Pick<NewProfile, 'version' | 'validFrom' | 'validTo'>,
  error: unknown,
): ProblemError | null {
  // 23P01: exclusion_violation, of which this table has one.
  if (codeOf(error) !== '23P01') return null
  const ranges = [...detailOf(error).matchAll(/\[(\d{4}-\d\d-\d\d),(\d{4}-\d\d-\d\d)\)/g)]
  const [, from, dayAfter] = ranges.at(-1) ?? []
  const other = from && dayAfter ? ` from ${from} to ${LocalDate.parse(dayAfter).minusDays(1)}` : ''
  return new ProblemError(
    'conflict',
    `Version ${given.version}, valid from ${given.validFrom} to ${given.validTo}, overlaps the approved profile valid${other} of the same connection: end that one first.`,
  )
}

function detailOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return ''
  if ('detail' in error && typeof error.detail === 'string') return error.detail
  return 'cause' in error ? detailOf(error.cause) : ''
}
