import { LocalDate } from '@js-joda/core'
import { problemOf } from '../../../platform/http/index.ts'
import type { TenderDemand } from '../../../schemas/market/tender-demand.ts'
import type { NewTender, Tender, tenderOperations } from '../../../schemas/market/tenders.ts'
import { tenderSettings } from '../../../schemas/settings/market.ts'
import { brokenField } from '../../../schemas/vocabulary/outcome.ts'
import { instantOf } from '../../../schemas/vocabulary/time.ts'
import { pathOf } from '../../grid/index.ts'
import { addHand, figuresAt, nameOf, type Verb } from '../../kit/index.ts'
import { givenProduct } from '../products/index.ts'
import { ceilingFault } from './rules/offers.ts'
import { tender } from './tables.ts'
import { viewTender } from './views.ts'

type Drafting = Pick<
  Parameters<Verb<typeof tenderOperations.draftTender>>[0],
  'db' | 'at' | 'id' | 'actor' | 'audit' | 'announce'
>

/** Drafts a tender. */
export const draftTender: Verb<typeof tenderOperations.draftTender> = (call) => storeDraft(call, call.body, null)

/**
 * Stores the draft of a tender, and its drafter as a hand in it.
 * @param demand the working of one that follows from EV demand.
 */
export async function storeDraft(
  { db, at, id, actor, ...call }: Drafting,
  given: NewTender,
  demand: TenderDemand | null,
): Promise<Tender> {
  const rules = await givenProduct(db, given.product, at)
  const unpaid = ceilingFault(given, rules)
  if (unpaid) throw problemOf(unpaid)
  if ((await pathOf(db, given.zoneNodeId)).length === 0)
    throw problemOf(brokenField('zoneNodeId', 'is not a network node'))
  const figures = await figuresAt(db, tenderSettings, at)
  const [row] = await db
    .insert(tender)
    .values({
      tenderId: id,
      state: 'draft',
      title: given.title,
      product: given.product,
      direction: given.direction,
      zoneNodeId: given.zoneNodeId,
      validFrom: LocalDate.parse(given.validFrom),
      validTo: LocalDate.parse(given.validTo),
      windows: given.windows,
      ceilingAvailability: given.ceilingAvailabilityGbpPerMwH,
      ceilingUtilisation: given.ceilingUtilisationGbpPerMwh,
      expectedUtilisationShare: given.expectedUtilisationShare ?? figures.expectedUtilisationShare,
      gateClosesAt: instantOf(given.gateClosesAt),
      createdBy: nameOf(actor),
      demandRunId: demand?.runId ?? null,
      demand,
    })
    .returning()
  if (!row) throw new Error(`tender ${id} was not stored`)
  await addHand(db, at, { type: 'tender', id }, actor, 'drafted')
  const detail = { title: row.title, ...(demand && { demandRunId: demand.runId, nodeId: row.zoneNodeId }) }
  call.audit({ action: 'tender.created', subject: { type: 'tender', id }, detail })
  call.announce('market')
  return viewTender(row)
}
