import { randomUUID } from 'node:crypto'
import { LocalDate } from '@js-joda/core'
import { and, eq, inArray, notInArray, sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { codeOf } from '../../../platform/errors/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import { flawOf, type ProfileLimits } from './rules.ts'
import type { ConnectionRecord, ProfileRecord } from './store.ts'
import { connection, connectionMpan, impliedLimit, profile } from './tables.ts'

export interface NewConnection extends ConnectionRecord {
  mpans: string[]
}

/** Makes a connection with its MPANs, or brings it up to date. */
export async function saveConnection(tx: Queryable, given: NewConnection): Promise<void> {
  const { connectionId, mpans, ...rest } = given
  await tx
    .insert(connection)
    .values({ connectionId, ...rest })
    .onConflictDoUpdate({ target: connection.connectionId, set: rest })
  await tx
    .delete(connectionMpan)
    .where(and(eq(connectionMpan.connectionId, connectionId), notInArray(connectionMpan.mpan, mpans)))
  if (mpans.length === 0) return
  await tx
    .insert(connectionMpan)
    .values(mpans.map((mpan) => ({ mpan, connectionId })))
    .onConflictDoNothing()
  await requireOwnMpans(tx, connectionId, mpans)
}

async function requireOwnMpans(tx: Queryable, connectionId: string, mpans: string[]): Promise<void> {
  const rows = await tx.select().from(connectionMpan).where(inArray(connectionMpan.mpan, mpans))
  const foreign = rows.find((row) => row.connectionId !== connectionId)
  if (!foreign) return
  throw new ProblemError('conflict', `MPAN ${foreign.mpan} belongs to the connection ${foreign.connectionId}.`)
}

export interface NewProfile {
  connectionId: string
  version: number
  state: ProfileRecord['state']
  validFrom: LocalDate
  /** Its last day. */
  validTo: LocalDate
  fallbackLimitW: number | null
  limits: ProfileLimits
}

/** Makes a version of a profiled connection, or brings it up to date. An overlap of approved versions is a 409 that names the clash. */
export async function saveProfile(tx: Queryable, given: NewProfile): Promise<void> {
  const flaw = flawOf(given.limits)
  if (flaw) throw new ProblemError('contract-broken', `${flaw.field}: ${flaw.message}`, { errors: [flaw] })
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
 * The 409 that an overlap of approved versions is answered with; `null` for any other error. The clash is read from PostgreSQL's own
 * detail: a failed transaction can be asked nothing more.
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

/** A limit that a dispatch implies for an FU's own load. */
export type ImpliedLimit = typeof impliedLimit.$inferInsert

/** Stores limits that dispatches imply; a later one for the same FU and start takes the place of the earlier. */
export async function saveImpliedLimits(tx: Queryable, rows: readonly ImpliedLimit[]): Promise<void> {
  if (rows.length === 0) return
  await tx
    .insert(impliedLimit)
    .values([...rows])
    .onConflictDoUpdate({
      target: [impliedLimit.fuId, impliedLimit.from],
      set: {
        connectionId: sql`excluded.connection_id`,
        to: sql`excluded.to_at`,
        limitW: sql`excluded.limit_w`,
        turnDownW: sql`excluded.turn_down_w`,
        instructionId: sql`excluded.instruction_id`,
      },
    })
}

/** Withdraws the limits of instructions that an FSP refused or that were superseded. */
export async function removeImpliedLimits(tx: Queryable, instructionIds: readonly string[]): Promise<void> {
  if (instructionIds.length === 0) return
  await tx.delete(impliedLimit).where(inArray(impliedLimit.instructionId, [...instructionIds]))
}
