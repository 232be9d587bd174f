import type { Instant } from '@js-joda/core'
import { and, asc, desc, eq, inArray, lt, lte } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import type { Der, FlexibleUnit, Fsp } from '../../../schemas/market/market.ts'
import { der, flexibleUnit, flexibleUnitDer, fsp, serviceStatus } from './tables.ts'

type FspRow = typeof fsp.$inferSelect

/** An FSP as the API shows it: without what opens its door. */
export function viewFsp(row: FspRow): Fsp {
  return {
    fspId: row.fspId,
    companyName: row.companyName,
    contactName: row.contactName,
    contactEmail: row.contactEmail,
    status: row.status,
    reason: row.reason,
    appliedAt: row.appliedAt.toString(),
    decidedAt: row.decidedAt?.toString() ?? null,
    decidedBy: row.decidedBy,
    controlApiUrl: row.controlBaseUrl,
    dispatchRoute: row.dispatchRoute,
    dispatchEmail: row.dispatchEmail,
  }
}

export async function findFsp(tx: Queryable, fspId: string): Promise<FspRow | undefined> {
  const [row] = await tx.select().from(fsp).where(eq(fsp.fspId, fspId))
  return row
}

/** FSPs, those that wait for a decision first. `fspId` limits the list to one. */
export async function listFsps(tx: Queryable, fspId: string | null): Promise<Fsp[]> {
  const rows = await tx
    .select()
    .from(fsp)
    .where(fspId === null ? undefined : eq(fsp.fspId, fspId))
    .orderBy(asc(fsp.status), asc(fsp.companyName))
  const rank = { applied: 0, accepted: 1, rejected: 2 }
  return rows.map(viewFsp).sort((a, b) => rank[a.status] - rank[b.status])
}

export async function listDers(tx: Queryable, fspId: string | null): Promise<Der[]> {
  const rows = await tx
    .select()
    .from(der)
    .where(fspId === null ? undefined : eq(der.fspId, fspId))
    .orderBy(asc(der.name))
  return rows.map(({ connectionId: _, ...row }) => row)
}

/** FUs as at an instant, by name. Filters that are absent do not filter; an FU that the filter excludes is simply not there. */
export async function listFlexibleUnits(
  tx: Queryable,
  at: Instant,
  filter: { fspId?: string | null; fuIds?: string[]; connectionIds?: string[] } = {},
): Promise<FlexibleUnit[]> {
  const conditions = [
    filter.fspId ? eq(flexibleUnit.fspId, filter.fspId) : undefined,
    filter.fuIds ? inArray(flexibleUnit.fuId, filter.fuIds) : undefined,
    filter.connectionIds ? inArray(flexibleUnit.connectionId, filter.connectionIds) : undefined,
  ]
  const rows = await tx
    .select()
    .from(flexibleUnit)
    .where(and(...conditions))
    .orderBy(asc(flexibleUnit.name), asc(flexibleUnit.fuId))
  const fuIds = rows.map((row) => row.fuId)
  if (fuIds.length === 0) return []
  const members = await tx.select().from(flexibleUnitDer).where(inArray(flexibleUnitDer.fuId, fuIds))
  const inService = await serviceAt(tx, at, fuIds)
  return rows.map((row) => ({
    ...row,
    derIds: members.filter((m) => m.fuId === row.fuId).map((m) => m.derId),
    inService: inService.get(row.fuId) ?? true,
  }))
}

/** Whether each FU is in service at an instant, as declared by then; an FU that never declared anything is in service. */
export async function serviceAt(tx: Queryable, at: Instant, fuIds: string[]): Promise<Map<string, boolean>> {
  if (fuIds.length === 0) return new Map()
  const rows = await tx
    .selectDistinctOn([serviceStatus.fuId], { fuId: serviceStatus.fuId, inService: serviceStatus.inService })
    .from(serviceStatus)
    .where(and(inArray(serviceStatus.fuId, fuIds), lte(serviceStatus.effectiveFrom, at)))
    .orderBy(serviceStatus.fuId, desc(serviceStatus.effectiveFrom), desc(serviceStatus.declaredAt))
  return new Map(rows.map((row) => [row.fuId, row.inService]))
}

/** FUs that were ever declared out of service with effect before an instant: few, and none other can be out of service then. */
export async function unitsDeclaredOut(tx: Queryable, before: Instant): Promise<string[]> {
  const rows = await tx
    .selectDistinct({ fuId: serviceStatus.fuId })
    .from(serviceStatus)
    .where(and(eq(serviceStatus.inService, false), lt(serviceStatus.effectiveFrom, before)))
  return rows.map((row) => row.fuId)
}

/** What an FU is registered as, in one query; `undefined` when there is none, or it is not this FSP's. */
export async function findUnit(
  tx: Queryable,
  fuId: string,
  fspId: string | null,
): Promise<typeof flexibleUnit.$inferSelect | undefined> {
  const own = fspId === null ? undefined : eq(flexibleUnit.fspId, fspId)
  const [row] = await tx
    .select()
    .from(flexibleUnit)
    .where(and(eq(flexibleUnit.fuId, fuId), own))
  return row
}

/** Every declaration of FUs that took effect by an instant, by FU; in order, so that of those that have begun the last one counts. */
export async function serviceHistory(
  tx: Queryable,
  fuIds: string[],
  until: Instant,
): Promise<Map<string, { effectiveFrom: Instant; inService: boolean }[]>> {
  if (fuIds.length === 0) return new Map()
  const rows = await tx
    .select({
      fuId: serviceStatus.fuId,
      effectiveFrom: serviceStatus.effectiveFrom,
      inService: serviceStatus.inService,
    })
    .from(serviceStatus)
    .where(and(inArray(serviceStatus.fuId, fuIds), lte(serviceStatus.effectiveFrom, until)))
    .orderBy(asc(serviceStatus.effectiveFrom), asc(serviceStatus.declaredAt))
  return Map.groupBy(rows, (row) => row.fuId)
}
