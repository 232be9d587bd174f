import type { Contract } from '../../../schemas/market/contracts.ts'
import type { Told } from '../notices/index.ts'
import type { TenderRow } from './store.ts'
import type { OfferRow } from './views.ts'

const named = ({ tenderId, title, product }: TenderRow) => ({ tenderId, title, product })

/** Tells FSPs that a tender accepts responses. */
export function published(found: TenderRow, fspIds: readonly string[]): Told[] {
  const tender = { ...named(found), gateClosesAt: found.gateClosesAt.toString() }
  return fspIds.map((fspId) => ({ fspId, subject: found.tenderId, news: { event: 'tender-published', tender } }))
}

/** Tells FSPs that a tender which they were told of is withdrawn. */
export function withdrawn(found: TenderRow, fspIds: readonly string[]): Told[] {
  const tender = named(found)
  return fspIds.map((fspId) => ({ fspId, subject: found.tenderId, news: { event: 'tender-withdrawn', tender } }))
}

/** Tells each FSP that responded what became of its offers; one that declined to bid learns that the tender is over. */
export function awarded(found: TenderRow, responders: readonly string[], offers: readonly OfferRow[]): Told[] {
  const offered = Map.groupBy(offers, ({ fspId }) => fspId)
  return responders.map((fspId) => ({
    fspId,
    subject: found.tenderId,
    news: {
      event: 'tender-awarded',
      tender: named(found),
      offers: (offered.get(fspId) ?? []).map(({ fuId, fuName, outcome, rejection }) => ({
        fuId,
        fuName,
        outcome,
        rejection,
      })),
    },
  }))
}

/** Tells each FSP which of its contracts were made together. @param subject what made them. */
export function made(subject: string, contracts: readonly Contract[]): Told[] {
  return ofContracts('contract-made', subject, contracts)
}

/** Tells each FSP which of its contracts ended together. @param subject their last day. */
export function ended(subject: string, contracts: readonly Contract[]): Told[] {
  return ofContracts('contract-ended', subject, contracts)
}

function ofContracts(
  event: 'contract-made' | 'contract-ended',
  subject: string,
  contracts: readonly Contract[],
): Told[] {
  return [...Map.groupBy(contracts, ({ fspId }) => fspId)].map(([fspId, own]) => ({
    fspId,
    subject,
    news: {
      event,
      contracts: own.map(({ contractId, fuId, fuName, product, turnDownW, validFrom, validTo }) => ({
        contractId,
        fuId,
        fuName,
        product,
        turnDownW,
        validFrom,
        validTo,
      })),
    },
  }))
}
