import { namerOf } from '../kit/index.ts'
import { der, flexibleUnit, fsp } from './parties/tables.ts'
import { tender } from './tenders/tables.ts'

/** The names of what the market's wing keeps, by kind. */
export const marketNames = {
  der: namerOf(der, der.derId, der.name),
  fsp: namerOf(fsp, fsp.fspId, fsp.companyName),
  fu: namerOf(flexibleUnit, flexibleUnit.fuId, flexibleUnit.name),
  tender: namerOf(tender, tender.tenderId, tender.title),
}
