import type { Contract } from '../../../schemas/market/contracts.ts'
import type { Tender, TenderResponse } from '../../../schemas/market/tenders.ts'
import { formatGbp } from '../../../schemas/vocabulary/money.ts'
import type { Direction } from '../../../schemas/vocabulary/units.ts'
import { costPerHour } from './rules/evaluation.ts'
import type { contract, tender, tenderOffer, tenderResponse } from './tables.ts'

/** `95.5000`, as a numeric column returns it, as `95.50`. */
function priceText(value: string): string {
  return value.replace(/(\.\d\d\d*?)0*$/, '$1')
}

/**
 * A tender as its reader may see it. Only the DNO sees the unmet requirement and whether others bid.
 * @param fspId the FSP that reads; `null` for the DNO.
 */
export function viewTender(row: typeof tender.$inferSelect, fspId: string | null = null): Tender {
  const isShown = fspId === null && row.evaluatedBy !== null && row.evaluation !== null
  return {
    tenderId: row.tenderId,
    state: row.state,
    createdBy: row.createdBy,
    publishedAt: row.publishedAt?.toString() ?? null,
    evaluation:
      isShown && row.evaluation
        ? { evaluatedBy: row.evaluatedBy ?? '', derated: [], stacked: [], ...row.evaluation }
        : null,
    demand: fspId === null ? row.demand : null,
    title: row.title,
    product: row.product,
    direction: row.direction,
    zoneNodeId: row.zoneNodeId,
    validFrom: row.validFrom.toString(),
    validTo: row.validTo.toString(),
    windows: row.windows,
    ceilingAvailabilityGbpPerMwH: priceText(row.ceilingAvailability),
    ceilingUtilisationGbpPerMwh: priceText(row.ceilingUtilisation),
    expectedUtilisationShare: row.expectedUtilisationShare,
    gateClosesAt: row.gateClosesAt.toString(),
    version: row.version,
  }
}

/** An offer with the name and the node of its FU. */
export type OfferRow = typeof tenderOffer.$inferSelect & {
  fuName: string
  nodeId: string
  fspId: string
  /** The expected utilisation of its tender. */
  expectedShare: number
  /** The direction of its tender. */
  direction: Direction
}

/** A response as the API shows it. @param offers of this response. */
export function viewResponse(
  row: typeof tenderResponse.$inferSelect,
  fspName: string,
  offers: readonly OfferRow[],
): TenderResponse {
  return {
    responseId: row.responseId,
    tenderId: row.tenderId,
    fspId: row.fspId,
    fspName,
    bid: row.bid,
    reason: row.reason,
    submittedAt: row.submittedAt.toString(),
    offers: offers.map(viewOffer),
  }
}

function viewOffer(row: OfferRow): TenderResponse['offers'][number] {
  return {
    offerId: row.offerId,
    fuId: row.fuId,
    fuName: row.fuName,
    direction: row.direction,
    turnDownW: row.turnDownW,
    availabilityGbpPerMwH: priceText(row.availability),
    utilisationGbpPerMwh: priceText(row.utilisation),
    outcome: row.outcome,
    rejection: row.rejection,
    selectedWindows: row.selectedWindows,
    costGbpPerHour: formatGbp(costPerHour(row, 1)),
    expectedCostGbpPerHour: formatGbp(costPerHour(row, row.expectedShare)),
  }
}

/** A contract with its parties' names. */
export interface NamedContract {
  contract: typeof contract.$inferSelect
  fspName: string
  fuName: string
}

export function viewContract({ contract: row, fspName, fuName }: NamedContract): Contract {
  return {
    contractId: row.contractId,
    tenderId: row.tenderId,
    reference: row.reference,
    fspId: row.fspId,
    fspName,
    fuId: row.fuId,
    fuName,
    product: row.product,
    direction: row.direction,
    turnDownW: row.turnDownW,
    availabilityGbpPerMwH: priceText(row.availability),
    utilisationGbpPerMwh: priceText(row.utilisation),
    validFrom: row.validFrom.toString(),
    validTo: row.validTo.toString(),
    windows: row.windows,
    baselineMethod: row.baselineMethod,
    baselineFallback: row.baselineFallback,
    releasedDays: row.releasedDays,
    awardedAt: row.awardedAt.toString(),
    awardedBy: row.awardedBy,
  }
}
