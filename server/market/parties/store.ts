import type { Instant } from '@js-joda/core'
import { and, asc, eq, inArray, isNotNull, sql } from 'drizzle-orm'
import { idList, type Queryable } from '../../../platform/db/index.ts'
import type { Der, FlexibleUnit, Fsp } from '../../../schemas/market/parties.ts'
import type { Page } from '../../../schemas/vocabulary/paging.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { findConnection } from '../../grid/index.ts'
import { afterCursor, type PageQuery, pageFrom } from '../../kit/index.ts'
import { type DaySpan, derIdsOn, membersDuring } from './members.ts'
import { directionsOf } from './rules.ts'
import { serviceAt } from './service.ts'
import { der, flexibleUnit, fsp } from './tables.ts'
import { viewDer, viewFsp } from './views.ts'

type FspRow = typeof fsp.$inferSelect

export async function findFsp(tx: Queryable, fspId: string): Promise<FspRow | undefined> {
  const [row] = await tx.select().from(fsp).where(eq(fsp.fspId, fspId))
  return row
}

/** The names of FSPs, by their company. */
export async function namesOfFsps(
  tx: Queryable,
  fspIds: readonly string[],
): Promise<{ fspId: string; name: string }[]> {
  return tx
    .select({ fspId: fsp.fspId, name: fsp.companyName })
    .from(fsp)
    .where(inArray(fsp.fspId, [...fspIds]))
    .orderBy(asc(fsp.companyName), asc(fsp.fspId))
}

/** The FSPs that take part in the market. */
export async function acceptedFsps(tx: Queryable): Promise<string[]> {
  const rows = await tx.select({ fspId: fsp.fspId }).from(fsp).where(eq(fsp.status, 'accepted')).orderBy(asc(fsp.fspId))
  return rows.map((row) => row.fspId)
}

/** FSPs by name. `fspId` limits the list to one. */
export async function listFsps(tx: Queryable, fspId: string | null): Promise<Fsp[]> {
  const rows = await tx
    .select()
    .from(fsp)
    .where(fspId === null ? undefined : eq(fsp.fspId, fspId))
    .orderBy(asc(fsp.companyName), asc(fsp.fspId))
  return rows.map(viewFsp)
}

/** Sorts open applications first. */
const statusRank = sql`array_position(array['applied', 'accepted', 'rejected'], ${fsp.status})`

/** A page of FSPs, open applications first. */
export async function pageOfFsps(tx: Queryable, fspId: string | null, query: PageQuery): Promise<Page<Fsp>> {
  const own = fspId === null ? undefined : eq(fsp.fspId, fspId)
  const sorted = [statusRank, fsp.companyName, fsp.fspId]
  const rows = await tx
    .select({ row: fsp, rank: sql<number>`${statusRank}` })
    .from(fsp)
    .where(and(own, afterCursor(query, sorted)))
    .orderBy(...sorted)
    .limit(query.limit + 1)
  return pageFrom(
    rows,
    query,
    ({ row, rank }) => [rank, row.companyName, row.fspId],
    ({ row }) => viewFsp(row),
  )
}

/** A page of DERs by name. */
export async function pageOfDers(tx: Queryable, fspId: string | null, query: PageQuery): Promise<Page<Der>> {
  const own = fspId === null ? undefined : eq(der.fspId, fspId)
  const rows = await tx
    .select()
    .from(der)
    .where(and(own, afterCursor(query, [der.name, der.derId])))
    .orderBy(asc(der.name), asc(der.derId))
    .limit(query.limit + 1)
  return pageFrom(rows, query, (row) => [row.name, row.derId], viewDer)
}

/** A page of FUs by name, as at an instant. */
export async function pageOfUnits(
  tx: Queryable,
  at: Instant,
  fspId: string | null,
  query: PageQuery,
): Promise<Page<FlexibleUnit>> {
  const own = fspId === null ? undefined : eq(flexibleUnit.fspId, fspId)
  const rows = await tx
    .select({ fuId: flexibleUnit.fuId, name: flexibleUnit.name })
    .from(flexibleUnit)
    .where(and(own, afterCursor(query, [flexibleUnit.name, flexibleUnit.fuId])))
    .orderBy(asc(flexibleUnit.name), asc(flexibleUnit.fuId))
    .limit(query.limit + 1)
  const units = await listFlexibleUnits(tx, at, { fuIds: rows.slice(0, query.limit).map((row) => row.fuId) })
  const { nextCursor } = pageFrom(
    rows,
    query,
    (row) => [row.name, row.fuId],
    (row) => row,
  )
  return { items: units, nextCursor }
}

/** An existing FU as at an instant. */
export async function unitOf(tx: Queryable, at: Instant, fuId: string): Promise<FlexibleUnit> {
  const [unit] = await listFlexibleUnits(tx, at, { fuIds: [fuId] })
  if (!unit) throw new Error(`FU ${fuId} is gone`)
  return unit
}

/** FUs as at an instant, by name. All filters are optional. */
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
  const members = await derIdsOn(tx, fuIds, tradingDayOf(at))
  const inService = await serviceAt(tx, at, fuIds)
  return rows.map(({ firstMemberOn: _, ...row }) => {
    const { derIds, ratedW, canExport } = members.get(row.fuId) ?? { derIds: [], ratedW: 0, canExport: false }
    return {
      ...row,
      derIds,
      maxTurnDownW: Math.min(row.maxTurnDownW, ratedW),
      registeredTurnDownW: row.maxTurnDownW,
      maxTurnUpW: Math.min(row.maxTurnUpW, ratedW),
      registeredTurnUpW: row.maxTurnUpW,
      directions: directionsOf(row),
      canExport,
      inService: inService.get(row.fuId) ?? true,
    }
  })
}

/** The notice that FUs’ own constraints ask for, minutes; FUs without one are left out. */
export async function noticesOfUnits(tx: Queryable, fuIds: readonly string[]): Promise<Map<string, number>> {
  if (fuIds.length === 0) return new Map()
  const rows = await tx
    .select({ fuId: flexibleUnit.fuId, limits: flexibleUnit.limits })
    .from(flexibleUnit)
    .where(and(inArray(flexibleUnit.fuId, [...fuIds]), isNotNull(flexibleUnit.limits)))
  return new Map(
    rows.flatMap(({ fuId, limits }) => (limits && limits.noticeMinutes > 0 ? [[fuId, limits.noticeMinutes]] : [])),
  )
}

/** An FU's registration, in one query; `undefined` if it is unknown or another FSP's. */
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

/** Those of some FUs with a DER, on some day of a span, that can export: a battery or generation. */
export async function unitsThatExport(tx: Queryable, fuIds: readonly string[], span: DaySpan): Promise<Set<string>> {
  const members = await membersDuring(tx, fuIds, span)
  return new Set(members.filter(({ canExport }) => canExport).map(({ fuId }) => fuId))
}

/** What the equipment of an FU can carry, W: for a whole site its agreed capacity, otherwise its DERs, as far as the site carries them. */
export interface UnitEquipment {
  equipmentW: number | null
  ratedWByDer: ReadonlyMap<string, number>
  canExport: boolean
  isWholeSite: boolean
}

/** The equipment that an FU had in a span of days: DERs that left before it are not part of it. */
export async function unitEquipment(tx: Queryable, fuId: string, span: DaySpan): Promise<UnitEquipment> {
  const rows = await membersDuring(tx, [fuId], span)
  const unit = await findUnit(tx, fuId, null)
  const site = unit?.connectionId ? await findConnection(tx, unit.connectionId) : undefined
  const siteW = site ? site.ascKva * 1_000 : null
  const ratedW = rows.reduce((sum, row) => sum + row.ratedW, 0)
  const isWholeSite = unit?.isWholeSite ?? false
  return {
    equipmentW: isWholeSite || ratedW === 0 ? siteW : Math.min(ratedW, siteW ?? ratedW),
    ratedWByDer: new Map(rows.map((row) => [row.derId, row.ratedW])),
    canExport: rows.some(({ canExport }) => canExport),
    isWholeSite,
  }
}

/** Of some FUs those at a connection whose export capacity is stated. An FU over many connections is not among them. */
export async function unitsWithExportLimit(tx: Queryable, fuIds: readonly string[]): Promise<string[]> {
  if (fuIds.length === 0) return []
  const rows = await tx.execute<{ fu_id: string }>(sql`
    select u.fu_id from flexible_unit u join connection c on c.connection_id = u.connection_id
    where c.export_kva is not null
      and u.fu_id in ${idList(fuIds)}
    order by u.fu_id`)
  return rows.map((row) => row.fu_id)
}
