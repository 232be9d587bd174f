import { settlementTermsOperations } from '../../../schemas/settlement/statements.ts'
import { bind, proposed } from '../../kit/index.ts'
import { listSettlementTerms } from './list-settlement-terms.ts'
import { readSettlementTerms } from './read-settlement-terms.ts'
import { setSettlementTerms } from './set-settlement-terms.ts'

export { correctionDeadline } from './deadline.ts'
export { utilisationPrice } from './prices.ts'
export {
  defaultScheme,
  estimatedWh,
  type PaymentFlag,
  type PeriodInputs,
  performanceFactor,
  type SettledPeriod,
  scheduleAccuracy,
  settlePeriod,
} from './rules.ts'
export { defaultTerms, termsOfContracts } from './terms.ts'

/** The terms that contracts are settled by. */
export const settlementTerms = bind(settlementTermsOperations, {
  listSettlementTerms,
  readSettlementTerms,
  setSettlementTerms: proposed(setSettlementTerms),
})
