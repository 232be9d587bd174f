import { LocalDate } from '@js-joda/core'
import { and, asc, desc, eq, gte, inArray, lte } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import type { Contract, Tender, TenderResponse } from '../../../schemas/market/tenders.ts'
import { formatGbp } from '../../../schemas/vocabulary/money.ts'
import type { Product } from '../../../schemas/vocabulary/units.ts'
import { flexibleUnit, fsp } from '../parties/tables.ts'
import { costPerHour } from './rules.ts'
import { contract, tender, tenderOffer, tenderResponse } from './tables.ts'

export type TenderRow = typeof tender.$inferSelect

/** `95.5000`, as numeric columns give it, as `95.50`. */
function priceText(value: string): string {
  return value.replace(/(\.\d\d\d*?)0*$/, '$1')
}

export function viewTender(row: TenderRow): Tender {
  return {
    tenderId: row.tenderId,
    state: row.state,
    createdBy: row.createdBy,
    publishedAt: row.publishedAt?.toString() ?? null,
    evaluation: row.evaluatedBy && row.evaluation ? { evaluatedBy: row.evaluatedBy, ...row.evaluation } : null,
    title: row.title,
    product: row.product,
    zoneNodeId: row.zoneNodeId,
    validFrom: row.validFrom.toString(),
    validTo: row.validTo.toString(),
    windows: row.windows,
    ceilingAvailabilityGbpPerMwH: priceText(row.ceilingAvailability),
    ceilingUtilisationGbpPerMwh: priceText(row.ceilingUtilisation),
    gateClosesAt: row.gateClosesAt.toString(),
  }
}

export async function findTender(tx: Queryable, tenderId: string): Promise<TenderRow | undefined> {
  const [row] = await tx.select().from(tender).where(eq(tender.tenderId, tenderId))
  return row
}

/** Tenders, latest service first. FSPs do not see drafts. */
export async function listTenders(tx: Queryable, fspId: string | null): Promise<Tender[]> {
  const rows = await tx.select().from(tender).orderBy(desc(tender.validFrom), asc(tender.title))
  if (fspId === null) return rows.map(viewTender)
  return rows.filter((row) => row.state !== 'draft').map((row) => forFsp(viewTender(row)))
}

/** A tender without what an evaluation found: shortfall and competition are the DNO's to know. */
export function forFsp(tender: Tender): Tender {
  return { ...tender, evaluation: null }
}

/** Responses to a tender, in order of FSP name; `fspId` limits them to one FSP's. */
export async function listResponses(tx: Queryable, tenderId: string, fspId: string | null): Promise<TenderResponse[]> {
  const rows = await tx
    .select({ response: tenderResponse, fspName: fsp.companyName })
    .from(tenderResponse)
    .innerJoin(fsp, eq(fsp.fspId, tenderResponse.fspId))
    .where(and(eq(tenderResponse.tenderId, tenderId), fspId ? eq(tenderResponse.fspId, fspId) : undefined))
    .orderBy(asc(fsp.companyName))
  const offers = await offersOf(
    tx,
    rows.map((row) => row.response.responseId),
  )
  return rows.map(({ response, fspName }) => ({
    responseId: response.responseId,
    tenderId,
    fspId: response.fspId,
    fspName,
    bid: response.bid,
    reason: response.reason,
    submittedAt: response.submittedAt.toString(),
    offers: offers.filter((o) => o.responseId === response.responseId).map(viewOffer),
  }))
}

type OfferRow = Awaited<ReturnType<typeof offersOf>>[number]

/** Offers with the name and node of their FU, in order of FU name. */
export async function offersOf(tx: Queryable, responseIds: string[]) {
  if (responseIds.length === 0) return []
  const rows = await tx
    .select({ offer: tenderOffer, fuName: flexibleUnit.name, nodeId: flexibleUnit.nodeId, fspId: flexibleUnit.fspId })
    .from(tenderOffer)
    .innerJoin(flexibleUnit, eq(flexibleUnit.fuId, tenderOffer.fuId))
    .where(inArray(tenderOffer.responseId, responseIds))
    .orderBy(asc(flexibleUnit.name))
  return rows.map(({ offer, ...unit }) => ({ ...offer, ...unit }))
}

function viewOffer(row: OfferRow): TenderResponse['offers'][number] {
  return {
    offerId: row.offerId,
    fuId: row.fuId,
    fuName: row.fuName,
    turnDownW: row.turnDownW,
    availabilityGbpPerMwH: priceText(row.availability),
    utilisationGbpPerMwh: priceText(row.utilisation),
    outcome: row.outcome,
    rejection: row.rejection,
    selectedWindows: row.selectedWindows,
    costGbpPerHour: formatGbp(costPerHour(row)),
  }
}

/** Contracts with their parties' names; every filter is optional. `from` and `to`: those that hold on a trading day between. */
export async function listContracts(
  tx: Queryable,
  filter: {
    fspId?: string | null
    product?: Product
    from?: LocalDate
    to?: LocalDate
    tenderId?: string
    contractId?: string
    fuIds?: readonly string[]
  },
): Promise<Contract[]> {
  const rows = await tx
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
        filter.fuIds ? inArray(contract.fuId, [...filter.fuIds]) : undefined,
        filter.from ? gte(contract.validTo, filter.from) : undefined,
      ),
    )
    .orderBy(asc(flexibleUnit.name), asc(contract.validFrom), asc(contract.contractId))
  return rows.map(viewContract)
}

function viewContract({
  contract: row,
  fspName,
  fuName,
}: {
  contract: typeof contract.$inferSelect
  fspName: string
  fuName: string
}): Contract {
  return {
    contractId: row.contractId,
    tenderId: row.tenderId,
    fspId: row.fspId,
    fspName,
    fuId: row.fuId,
    fuName,
    product: row.product,
    turnDownW: row.turnDownW,
    availabilityGbpPerMwH: priceText(row.availability),
    utilisationGbpPerMwh: priceText(row.utilisation),
    validFrom: row.validFrom.toString(),
    validTo: row.validTo.toString(),
    windows: row.windows,
    baselineMethod: row.baselineMethod,
    releasedDays: row.releasedDays,
    awardedAt: row.awardedAt.toString(),
    awardedBy: row.awardedBy,
  }
}

/** The term of a contract as the rules take it. */
export function termOf(given: Pick<Contract, 'validFrom' | 'validTo' | 'windows' | 'releasedDays'>) {
  return {
    validFrom: LocalDate.parse(given.validFrom),
    validTo: LocalDate.parse(given.validTo),
    windows: given.windows,
    releasedDays: given.releasedDays,
  }
}
