import type { Instant } from '@js-joda/core'
import { and, asc, desc, eq, inArray, lt, lte, sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { type AuthorisedDays, authorisedDays, unitsWithoutAuthority } from '../authorities/index.ts'
import { type ServiceChange, serviceWithAuthority } from './service-rules.ts'
import { serviceStatus } from './tables.ts'

/** When a declaration counts from: the later of its effective time and its receipt (domain section 12). */
const countsFrom = sql<string>`greatest(${serviceStatus.effectiveFrom}, ${serviceStatus.declaredAt})`

/**
 * Whether each FU is in service at an instant: as declared by then, in service without a declaration, and never without its FSP's
 * authority over the MPANs behind it (SEC03).
 */
export async function serviceAt(tx: Queryable, at: Instant, fuIds: string[]): Promise<Map<string, boolean>> {
  if (fuIds.length === 0) return new Map()
  const rows = await tx
    .selectDistinctOn([serviceStatus.fuId], { fuId: serviceStatus.fuId, inService: serviceStatus.inService })
    .from(serviceStatus)
    .where(and(inArray(serviceStatus.fuId, fuIds), lte(countsFrom, sql`${at.toString()}::timestamptz`)))
    .orderBy(serviceStatus.fuId, desc(countsFrom), desc(serviceStatus.declaredAt))
  const declared = new Map(rows.map((row) => [row.fuId, row.inService]))
  const authorised = await authorisedDays(tx, fuIds)
  return new Map(fuIds.map((fuId) => [fuId, (declared.get(fuId) ?? true) && authorised.at(fuId, at)]))
}

/**
 * FUs that may be out of service between two instants: those ever declared so, and those without authority on some day. They are few,
 * and no others can be out of service.
 */
export async function unitsOutOfService(tx: Queryable, from: Instant, to: Instant): Promise<string[]> {
  const rows = await tx
    .selectDistinct({ fuId: serviceStatus.fuId })
    .from(serviceStatus)
    .where(and(eq(serviceStatus.inService, false), lt(serviceStatus.effectiveFrom, to)))
  const without = await unitsWithoutAuthority(tx, tradingDayOf(from), tradingDayOf(to))
  return [...new Set([...rows.map((row) => row.fuId), ...without])]
}

/**
 * Every change of an FU's service that counts by an instant, by FU, in order. Each counts from the later of its effective time and its
 * receipt. The last one applies; without one the FU is in service.
 * @param known the FUs' authority, if it has been read already.
 */
export async function serviceHistory(
  tx: Queryable,
  fuIds: string[],
  until: Instant,
  known?: AuthorisedDays,
): Promise<Map<string, ServiceChange[]>> {
  if (fuIds.length === 0) return new Map()
  const rows = await tx
    .select({
      fuId: serviceStatus.fuId,
      effectiveFrom: serviceStatus.effectiveFrom,
      declaredAt: serviceStatus.declaredAt,
      inService: serviceStatus.inService,
    })
    .from(serviceStatus)
    .where(and(inArray(serviceStatus.fuId, fuIds), lte(countsFrom, sql`${until.toString()}::timestamptz`)))
    .orderBy(asc(countsFrom), asc(serviceStatus.declaredAt))
  const counted = rows.map(({ fuId, effectiveFrom, declaredAt, inService }) => ({
    fuId,
    inService,
    effectiveFrom: declaredAt.isAfter(effectiveFrom) ? declaredAt : effectiveFrom,
  }))
  const declared = Map.groupBy(counted, (row) => row.fuId)
  const authorised = known ?? (await authorisedDays(tx, fuIds))
  return new Map(
    fuIds.map((fuId) => [fuId, serviceWithAuthority(declared.get(fuId) ?? [], authorised.of(fuId), until)]),
  )
}
