import { LocalDate } from '@js-joda/core'
import { problemOf } from '../../../platform/http/index.ts'
import type { tenderOperations } from '../../../schemas/market/tenders.ts'
import { tenderSettings } from '../../../schemas/settings/market.ts'
import { brokenField } from '../../../schemas/vocabulary/outcome.ts'
import { instantOf } from '../../../schemas/vocabulary/time.ts'
import { pathOf } from '../../grid/index.ts'
import { addHand, figuresAt, nameOf, type Verb } from '../../kit/index.ts'
import { givenProduct } from '../products/index.ts'
import { ceilingFault } from './rules/offers.ts'
import { tender } from './tables.ts'
import { viewTender } from './views.ts'

/** Drafts a tender. */
export const draftTender: Verb<typeof tenderOperations.draftTender> = async ({ db, at, id, actor, body, ...call }) => {
  const rules = await givenProduct(db, body.product, at)
  const unpaid = ceilingFault(body, rules)
  if (unpaid) throw problemOf(unpaid)
  if ((await pathOf(db, body.zoneNodeId)).length === 0)
    throw problemOf(brokenField('zoneNodeId', 'is not a network node'))
  const figures = await figuresAt(db, tenderSettings, at)
  const [row] = await db
    .insert(tender)
    .values({
      tenderId: id,
      state: 'draft',
      title: body.title,
      product: body.product,
      direction: body.direction,
      zoneNodeId: body.zoneNodeId,
      validFrom: LocalDate.parse(body.validFrom),
      validTo: LocalDate.parse(body.validTo),
      windows: body.windows,
      ceilingAvailability: body.ceilingAvailabilityGbpPerMwH,
      ceilingUtilisation: body.ceilingUtilisationGbpPerMwh,
      expectedUtilisationShare: body.expectedUtilisationShare ?? figures.expectedUtilisationShare,
      gateClosesAt: instantOf(body.gateClosesAt),
      createdBy: nameOf(actor),
    })
    .returning()
  if (!row) throw new Error(`tender ${id} was not stored`)
  await addHand(db, at, { type: 'tender', id }, actor, 'drafted')
  call.audit({ action: 'tender.created', subject: { type: 'tender', id }, detail: { title: row.title } })
  call.announce('market')
  return viewTender(row)
}
