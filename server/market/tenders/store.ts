import type { LocalDate } from '@js-joda/core'
import { and, asc, eq, gte, inArray, lte, ne, type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { Contract } from '../../../schemas/market/contracts.ts'
import type { Tender, TenderResponse } from '../../../schemas/market/tenders.ts'
import type { Page } from '../../../schemas/vocabulary/paging.ts'
import type { Product } from '../../../schemas/vocabulary/units.ts'
import { afterCursor, type PageQuery, pageFrom } from '../../kit/index.ts'
import { flexibleUnit, fsp } from '../parties/tables.ts'
import { contract, tender, tenderOffer, tenderResponse } from './tables.ts'
import { type OfferRow, viewContract, viewResponse, viewTender } from './views.ts'

export type TenderRow = typeof tender.$inferSelect

/** A tender as its reader may see it: an FSP sees no drafts. Throws if it is not found. */
export async function findTender(tx: Queryable, tenderId: string, fspId: string | null): Promise<TenderRow> {
  const [row] = await tx.select().from(tender).where(eq(tender.tenderId, tenderId))
  if (!row || (fspId !== null && row.state === 'draft')) throw noTender(tenderId)
  return row
}

/** Locks a tender until the end of the transaction, so that two people cannot change it at once. Throws if it is not found. */
export async function lockTender(tx: Queryable, tenderId: string): Promise<TenderRow> {
  const [row] = await tx.select().from(tender).where(eq(tender.tenderId, tenderId)).for('update')
  if (!row) throw noTender(tenderId)
  return row
}

function noTender(tenderId: string): ProblemError {
  return new ProblemError('not-found', `Tender ${tenderId} not found.`)
}

/** Days from the first day of service to a day in the far future, so that the latest service sorts first. */
const latestFirst = sql`(date '9999-12-31' - ${tender.validFrom})`

/** A page of tenders, latest service first. FSPs see neither drafts nor which tenders follow from EV demand. */
export async function pageOfTenders(
  tx: Queryable,
  fspId: string | null,
  query: PageQuery & { demandRunId?: string | undefined },
): Promise<Page<Tender>> {
  const { demandRunId } = query
  if (fspId !== null && demandRunId !== undefined) return { items: [], nextCursor: null }
  const visible = fspId === null ? undefined : ne(tender.state, 'draft')
  const ofRun = demandRunId === undefined ? undefined : eq(tender.demandRunId, demandRunId)
  const sorted = [latestFirst, tender.title, tender.tenderId]
  const rows = await tx
    .select({ row: tender, rank: sql<number>`${latestFirst}` })
    .from(tender)
    .where(and(visible, ofRun, afterCursor(query, sorted)))
    .orderBy(...sorted)
    .limit(query.limit + 1)
  return pageFrom(
    rows,
    query,
    ({ row, rank }) => [rank, row.title, row.tenderId],
    ({ row }) => viewTender(row, fspId),
  )
}

/** All responses to a tender, by FSP name. */
export async function responsesTo(tx: Queryable, tenderId: string): Promise<TenderResponse[]> {
  const rows = await namedResponses(tx, eq(tenderResponse.tenderId, tenderId))
  return withOffers(tx, rows)
}

/** A page of responses to a tender, by FSP name; `fspId` limits them to one FSP's. */
export async function pageOfResponses(
  tx: Queryable,
  tenderId: string,
  fspId: string | null,
  query: PageQuery,
): Promise<Page<TenderResponse>> {
  const own = fspId === null ? undefined : eq(tenderResponse.fspId, fspId)
  const after = afterCursor(query, [fsp.companyName, tenderResponse.responseId])
  const rows = await namedResponses(tx, and(eq(tenderResponse.tenderId, tenderId), own, after), query.limit + 1)
  const page = pageFrom(
    rows,
    query,
    ({ response, fspName }) => [fspName, response.responseId],
    (row) => row,
  )
  return { ...page, items: await withOffers(tx, page.items) }
}

type NamedResponse = Awaited<ReturnType<typeof namedResponses>>[number]

function namedResponses(tx: Queryable, condition: SQL | undefined, limit?: number) {
  const rows = tx
    .select({ response: tenderResponse, fspName: fsp.companyName })
    .from(tenderResponse)
    .innerJoin(fsp, eq(fsp.fspId, tenderResponse.fspId))
    .where(condition)
    .orderBy(asc(fsp.companyName), asc(tenderResponse.responseId))
  return limit === undefined ? rows : rows.limit(limit)
}

async function withOffers(tx: Queryable, rows: readonly NamedResponse[]): Promise<TenderResponse[]> {
  const responseIds = rows.map((row) => row.response.responseId)
  if (responseIds.length === 0) return []
  const offers = Map.groupBy(await offersWhere(tx, inArray(tenderOffer.responseId, responseIds)), (o) => o.responseId)
  return rows.map(({ response, fspName }) => viewResponse(response, fspName, offers.get(response.responseId) ?? []))
}

/** All offers into a tender, by FU name. */
export async function offersInto(tx: Queryable, tenderId: string): Promise<OfferRow[]> {
  return offersWhere(tx, eq(tenderResponse.tenderId, tenderId))
}

/** The FSPs that responded to a tender, with offers or without. */
export async function respondersTo(tx: Queryable, tenderId: string): Promise<string[]> {
  const rows = await tx
    .select({ fspId: tenderResponse.fspId })
    .from(tenderResponse)
    .where(eq(tenderResponse.tenderId, tenderId))
    .orderBy(asc(tenderResponse.submittedAt), asc(tenderResponse.responseId))
  return rows.map(({ fspId }) => fspId)
}

async function offersWhere(tx: Queryable, condition: SQL): Promise<OfferRow[]> {
  const rows = await tx
    .select({
      offer: tenderOffer,
      fuName: flexibleUnit.name,
      nodeId: flexibleUnit.nodeId,
      fspId: flexibleUnit.fspId,
      expectedShare: tender.expectedUtilisationShare,
      direction: tender.direction,
    })
    .from(tenderOffer)
    .innerJoin(tenderResponse, eq(tenderResponse.responseId, tenderOffer.responseId))
    .innerJoin(tender, eq(tender.tenderId, tenderResponse.tenderId))
    .innerJoin(flexibleUnit, eq(flexibleUnit.fuId, tenderOffer.fuId))
    .where(condition)
    .orderBy(asc(flexibleUnit.name), asc(tenderOffer.offerId))
  return rows.map(({ offer, ...unit }) => ({ ...offer, ...unit }))
}

/** Filters for contracts, all optional. `from` and `to` select those that apply on a trading day in this span. */
interface ContractFilter {
  fspId?: string | null
  product?: Product
  from?: LocalDate
  to?: LocalDate
  tenderId?: string
  contractId?: string
  contractIds?: readonly string[]
  fuIds?: readonly string[]
}

/** Contracts by FU name and first day. */
export async function listContracts(tx: Queryable, filter: ContractFilter): Promise<Contract[]> {
  return (await namedContracts(tx, filter)).map(viewContract)
}

/** A page of contracts by FU name and first day; `fspId` limits them to one FSP's, `day` to those that apply on it. */
export async function pageOfContracts(
  tx: Queryable,
  fspId: string | null,
  query: PageQuery,
  day?: LocalDate,
): Promise<Page<Contract>> {
  const rows = await namedContracts(tx, { fspId, ...(day ? { from: day, to: day } : {}) }, query)
  return pageFrom(
    rows,
    query,
    (row) => [row.fuName, String(row.contract.validFrom), row.contract.contractId],
    viewContract,
  )
}

function namedContracts(tx: Queryable, filter: ContractFilter, query?: PageQuery) {
  const sorted = [flexibleUnit.name, contract.validFrom, contract.contractId]
  const rows = tx
    .select({ contract, fspName: fsp.companyName, fuName: flexibleUnit.name })
    .from(contract)
    .innerJoin(fsp, eq(fsp.fspId, contract.fspId))
    .innerJoin(flexibleUnit, eq(flexibleUnit.fuId, contract.fuId))
    .where(
      and(
        filter.fspId ? eq(contract.fspId, filter.fspId) : undefined,
        filter.product ? eq(contract.product, filter.product) : undefined,
        filter.to ? lte(contract.validFrom, filter.to) : undefined,
        filter.tenderId ? eq(contract.tenderId, filter.tenderId) : undefined,
        filter.contractId ? eq(contract.contractId, filter.contractId) : undefined,
        filter.contractIds ? inArray(contract.contractId, [...filter.contractIds]) : undefined,
        filter.fuIds ? inArray(contract.fuId, [...filter.fuIds]) : undefined,
        filter.from ? gte(contract.validTo, filter.from) : undefined,
        query ? afterCursor(query, sorted) : undefined,
      ),
    )
    .orderBy(...sorted)
  return query ? rows.limit(query.limit + 1) : rows
}

/** The nodes of the FUs of a product’s contracts. */
export async function placesOfContracts(tx: Queryable, product: Product) {
  return tx
    .select({ contractId: contract.contractId, nodeId: flexibleUnit.nodeId })
    .from(contract)
    .innerJoin(flexibleUnit, eq(flexibleUnit.fuId, contract.fuId))
    .where(eq(contract.product, product))
}

/** The node that each of some contracts serves: the zone of its tender. */
export async function nodesOfContracts(tx: Queryable, contractIds: readonly string[]): Promise<Map<string, string>> {
  if (contractIds.length === 0) return new Map()
  const rows = await tx
    // A contract without a tender serves the node of its FU.
    .select({
      contractId: contract.contractId,
      nodeId: sql<string>`coalesce(${tender.zoneNodeId}, ${flexibleUnit.nodeId})`,
    })
    .from(contract)
    .innerJoin(flexibleUnit, eq(flexibleUnit.fuId, contract.fuId))
    .leftJoin(tender, eq(tender.tenderId, contract.tenderId))
    .where(inArray(contract.contractId, [...contractIds]))
  return new Map(rows.map((row) => [row.contractId, row.nodeId]))
}

/** The nodes that an FSP needs: the zones of the tenders that it can read, and the nodes that feed its FUs. */
export async function nodesOfFsp(tx: Queryable, fspId: string): Promise<string[]> {
  const zones = tx.select({ nodeId: tender.zoneNodeId }).from(tender).where(ne(tender.state, 'draft'))
  const own = tx.select({ nodeId: flexibleUnit.nodeId }).from(flexibleUnit).where(eq(flexibleUnit.fspId, fspId))
  return (await zones.union(own)).map((row) => row.nodeId)
}
