import { randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { must, ProblemError } from '../../../platform/http/index.ts'
import type { tenderOperations } from '../../../schemas/market/tenders.ts'
import type { BaselineMethod } from '../../../schemas/settlement/baselines.ts'
import { failure, success } from '../../../schemas/vocabulary/outcome.ts'
import { isCurrent, nameOf, secondPersonFault, type Verb } from '../../kit/index.ts'
import { oweFspNotices } from '../notices/index.ts'
import { givenProduct, type ProductRules } from '../products/index.ts'
import { clashes } from './clashes.ts'
import { unpaidPrice } from './rules/offers.ts'
import { stateAfter } from './rules/states.ts'
import { stackedInWords, stackingOf } from './stacked.ts'
import { listContracts, lockTender, offersInto, respondersTo, type TenderRow } from './store.ts'
import { contract, tender } from './tables.ts'
import { awarded, made } from './told.ts'
import type { OfferRow } from './views.ts'

/**
 * FA03: a second person approves the evaluation, which creates the contracts. FM16: an attempt by somebody with a hand in the tender is
 * audited, so the transaction commits before the attempt is refused.
 */
export const awardTender: Verb<typeof tenderOperations.awardTender> = async (call) => {
  const { actor, at, params } = call
  const [subject, awardedBy] = [{ type: 'tender', id: params.id }, nameOf(actor)]
  const outcome = await call.transaction(async (tx) => {
    const found = await lockTender(tx, params.id)
    requireSeen(found, call.version)
    const state = must(stateAfter(found, 'award'))
    const fault = await secondPersonFault(tx, subject, actor, `the tender “${found.title}”`)
    if (fault) {
      call.audit({ action: 'tender.award-refused', subject, detail: { reason: fault.detail } })
      return failure(fault)
    }
    const offers = await offersInto(tx, params.id)
    const selected = offers.filter((offer) => offer.outcome === 'selected')
    const product = await givenProduct(tx, found.product, at)
    requirePaid(found, selected, product)
    const method = product.baselineMethods[0] ?? 'recent-history'
    const terms = selected.map((offer) => ({ ...contractOf(found, offer, method), awardedAt: at, awardedBy }))
    const clashing = await clashes(tx, terms)
    if (clashing.length > 0) throw new ProblemError('conflict', clashInWords(found, clashing))
    const stacking = await stackingOf(tx, at, terms)
    if (stacking.isRefused && stacking.met.length > 0)
      throw new ProblemError('conflict', clashInWords(found, stacking.met.map(stackedInWords)))
    if (terms.length > 0) await tx.insert(contract).values(terms)
    await tx
      .update(tender)
      .set({ state, awardedBy, version: found.version + 1 })
      .where(eq(tender.tenderId, params.id))
    call.audit({ action: 'tender.awarded', subject, detail: { stacked: stacking.met } })
    const contracts = await listContracts(tx, { tenderId: params.id })
    const responders = await respondersTo(tx, params.id)
    await oweFspNotices(tx, at, [...awarded(found, responders, offers), ...made(params.id, contracts)])
    return success(contracts)
  })
  const items = must(outcome)
  call.announce('market')
  return { items, nextCursor: null }
}

/** What the product stopped to pay since the evaluation is contracted of nobody. */
function requirePaid({ title }: TenderRow, selected: readonly OfferRow[], product: ProductRules): void {
  for (const offer of selected) {
    const fault = unpaidPrice(offer, product)
    if (!fault) continue
    const detail = `“${title}” cannot be awarded as it was evaluated: the ${fault.price} of ${offer.fuName} ${fault.message}. Please evaluate it again.`
    throw new ProblemError('conflict', detail)
  }
}

/** One turn-down is never contracted twice: what was contracted since the evaluation is not there to be awarded. */
function clashInWords({ title }: TenderRow, clashing: readonly string[]): string {
  const [first, more] = [clashing.slice(0, 3).join('; '), clashing.length - 3]
  return `“${title}” cannot be awarded as it was evaluated: ${first}${more > 0 ? `; and ${more} more` : ''}. Please evaluate it again.`
}

/** An evaluation that was repeated since the approver looked may propose another award. */
function requireSeen(found: TenderRow, version: string | null): void {
  if (isCurrent(version, found.version)) return
  throw new ProblemError(
    'changed-meanwhile',
    `The tender “${found.title}” has changed since you read it: read it again.`,
    {
      headers: { etag: `"${found.version}"` },
    },
  )
}

/** The contract for one FU, in the windows that its offer is selected for, with the first baseline method of its product. */
function contractOf(found: TenderRow, offer: OfferRow, baselineMethod: BaselineMethod) {
  return {
    contractId: randomUUID(),
    tenderId: found.tenderId,
    offerId: offer.offerId,
    fspId: offer.fspId,
    fuId: offer.fuId,
    product: found.product,
    direction: found.direction,
    turnDownW: offer.turnDownW,
    availability: offer.availability,
    utilisation: offer.utilisation,
    validFrom: found.validFrom,
    validTo: found.validTo,
    windows: found.windows.filter((_, index) => offer.selectedWindows.includes(index)),
    baselineMethod,
  }
}
