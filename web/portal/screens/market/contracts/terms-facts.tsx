import type { SettlementTerms } from '../../../../../schemas/settlement/statements.ts'
import { Facts } from '../../../../shared/components/page.tsx'
import { methodWords, schemeInWords } from '../../settlement/words.ts'

/** What a contract is settled by, to be read. */
export function Terms({ terms }: { terms: SettlementTerms }) {
  return (
    <Facts
      items={[
        ['Baseline', `${methodWords[terms.baselineMethod]}${terms.inDayAdjustment ? ', adjusted on the day' : ''}`],
        ['Payment', schemeInWords(terms.scheme)],
        ['Schedule accuracy', terms.scheduleAccuracy ? 'multiplies the payment' : 'does not count'],
        ['Missing meter data', terms.missingMeterData === 'estimate' ? 'estimated from neighbours' : 'unpaid'],
      ]}
    />
  )
}
