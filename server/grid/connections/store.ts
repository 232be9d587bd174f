import type { LocalDate } from '@js-joda/core'
import { and, eq, inArray, type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { licenceArea } from '../areas/tables.ts'
import { type ChosenConnections, isChosen } from './chosen.ts'
import type { Agreement, ConnectionTerms } from './rules.ts'
import { connection, connectionMpan, profile } from './tables.ts'

/** A connection as it is stored. */
export type ConnectionRecord = typeof connection.$inferSelect

/** A profile as it is stored. */
export type ProfileRecord = typeof profile.$inferSelect

/** The connection that an MPAN belongs to; `null` if the MPAN is unknown. */
export async function connectionOfMpan(db: Queryable, mpan: string): Promise<ConnectionRecord | null> {
  const [row] = await db
    .select({ connection })
    .from(connectionMpan)
    .innerJoin(connection, eq(connection.connectionId, connectionMpan.connectionId))
    .where(eq(connectionMpan.mpan, mpan))
  return row?.connection ?? null
}

/** A connection by its identifier; `null` if unknown. */
export async function findConnection(db: Queryable, connectionId: string): Promise<ConnectionRecord | null> {
  const [row] = await db.select().from(connection).where(eq(connection.connectionId, connectionId))
  return row ?? null
}

/** The node that feeds each connection; unknown connections are missing. */
export async function feedingNodes(db: Queryable, connectionIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await db
    .select({ connectionId: connection.connectionId, nodeId: connection.nodeId })
    .from(connection)
    .where(inArray(connection.connectionId, [...connectionIds]))
  return new Map(rows.map((row) => [row.connectionId, row.nodeId]))
}

/** MPANs per connection. */
export async function mpansOf(db: Queryable, connectionIds: readonly string[]): Promise<Map<string, string[]>> {
  const rows = await db
    .select()
    .from(connectionMpan)
    .where(inArray(connectionMpan.connectionId, [...connectionIds]))
    .orderBy(connectionMpan.mpan)
  const found = new Map<string, string[]>()
  for (const { connectionId, mpan } of rows) found.set(connectionId, [...(found.get(connectionId) ?? []), mpan])
  return found
}

/** The names of connections, in one query. */
export async function namesOfConnections(
  db: Queryable,
  connectionIds: readonly string[],
): Promise<Map<string, string>> {
  const rows = await db
    .select({ connectionId: connection.connectionId, name: connection.name })
    .from(connection)
    .where(among(connectionIds))
  return new Map(rows.map(({ connectionId, name }) => [connectionId, name]))
}

/** Profiles that are or were in force, per connection: approved and expired ones. */
export async function agreementsOf(
  db: Queryable,
  chosen: ChosenConnections = null,
): Promise<Map<string, (Agreement & { version: number })[]>> {
  const { connectionId, version, validFrom, validTo, fallbackLimitW, limits } = profile
  const query = db
    .select({ connectionId, version, validFrom, validTo, fallbackLimitW, limits, country: licenceArea.country })
    .from(profile)
    .innerJoin(connection, eq(connection.connectionId, profile.connectionId))
    .innerJoin(licenceArea, eq(licenceArea.code, connection.licenceArea))
    .where(and(inArray(profile.state, ['approved', 'expired']), isChosen(sql`${profile.connectionId}`, chosen)))
    .orderBy(profile.connectionId, profile.validFrom)
  const rows = await query.prepare(nameOf(chosen)).execute()
  const found = new Map<string, (Agreement & { version: number })[]>()
  for (const { connectionId: id, ...agreement } of rows) {
    const list = found.get(id)
    if (list) list.push(agreement)
    else found.set(id, [agreement])
  }
  return found
}

/** A prepared statement has a name for each form of its text. */
function nameOf(chosen: ChosenConnections): string {
  if (chosen === null) return 'agreements of all'
  if ('below' in chosen) return 'agreements below'
  return 'from' in chosen ? 'agreements from' : 'agreements of some'
}

function among(connectionIds: readonly string[]): SQL {
  return isChosen(sql`${connection.connectionId}`, connectionIds)
}

/** What limits a connection; `null` if it is unknown. */
export async function termsOf(db: Queryable, connectionId: string): Promise<ConnectionTerms | null> {
  return (await agreedTermsOf(db, [connectionId], { withoutAgreement: true })).get(connectionId) ?? null
}

/**
 * What limits connections, by identifier, in two reads however many there are. Unknown ones are missing, and so are those
 * that never had an agreement, unless they are asked for too: all of them, or those with a stated export capacity.
 */
export async function agreedTermsOf(
  db: Queryable,
  connectionIds: readonly string[],
  { withoutAgreement = false, withExportLimit = false } = {},
): Promise<Map<string, ConnectionTerms>> {
  const agreements = await agreementsOf(db, connectionIds)
  const wanted = withoutAgreement ? [...connectionIds] : [...agreements.keys()]
  if (wanted.length === 0 && !withExportLimit) return new Map()
  const { connectionId, ascKva, exportKva, powerFactor } = connection
  const rows = await db
    .select({ connectionId, ascKva, exportKva, powerFactor })
    .from(connection)
    .where(
      withExportLimit && !withoutAgreement
        ? sql`${among(connectionIds)} and (${exportKva} is not null or ${among(wanted)})`
        : among(wanted),
    )
  return new Map(rows.map(({ connectionId: id, ...own }) => [id, { ...own, agreements: agreements.get(id) ?? [] }]))
}

/** The profile that covers a day, otherwise the one that expired last, otherwise `null`. */
export async function profileOn(db: Queryable, connectionId: string, day: LocalDate): Promise<ProfileRecord | null> {
  const [row] = await db
    .select()
    .from(profile)
    .where(
      and(
        eq(profile.connectionId, connectionId),
        inArray(profile.state, ['approved', 'expired']),
        sql`${profile.validFrom} <= ${day.toString()}::date`,
      ),
    )
    .orderBy(sql`${profile.validTo} desc`)
    .limit(1)
  return row ?? null
}
