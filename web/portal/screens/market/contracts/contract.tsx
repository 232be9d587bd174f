import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import type { Contract } from '../../../../../schemas/market/contracts.ts'
import { LinkButton } from '../../../../shared/components/link-button.tsx'
import { Nothing } from '../../../../shared/components/notice.tsx'
import { Facts, Page, Section } from '../../../../shared/components/page.tsx'
import { Loaded } from '../../../../shared/components/query.tsx'
import { directionWords, kw } from '../../../../shared/format/power.ts'
import { daySpanInWords } from '../../../../shared/format/time.ts'
import { contractsQuery, usePaysAvailability } from '../../../market-queries.ts'
import { useOwnFsp } from '../../../session.ts'
import { termsQuery } from '../../../settlement-queries.ts'
import { UnissuedWindows } from '../unissued.tsx'
import { windowInWords } from '../words.ts'
import { Origin } from './origin.tsx'
import { ReleaseSection } from './release-section.tsx'
import { TermsEditor } from './terms-editor.tsx'
import { Terms } from './terms-facts.tsx'

/** One contract: what was agreed, and what it is settled by. */
export function ContractPage() {
  const { contractId } = useParams({ from: '/inside/market/contracts/$contractId' })
  const query = useQuery(contractsQuery)
  const contract = query.data?.find((each) => each.contractId === contractId)
  return (
    <Page
      title={contract ? `Contract of ${contract.fuName}` : 'Contract'}
      subtitle={contract && `${contract.fspName}, product ${contract.product}`}
      actions={<LinkButton to="/market/contracts">All contracts</LinkButton>}
    >
      <Loaded query={query}>
        {() => (contract ? <Content contract={contract} /> : <Nothing>There is no such contract.</Nothing>)}
      </Loaded>
    </Page>
  )
}

function Content({ contract }: { contract: Contract }) {
  const terms = useQuery(termsQuery(contract.contractId))
  const isFsp = useOwnFsp() !== null
  const paysAvailability = usePaysAvailability(contract.product)
  return (
    <>
      <UnissuedWindows of={{ contractId: contract.contractId }} />
      <Section>
        <Facts
          items={[
            ['Service', daySpanInWords(contract.validFrom, contract.validTo)],
            ['Windows', contract.windows.map(windowInWords).join('; ')],
            [directionWords[contract.direction], kw(contract.turnDownW)],
            ...(paysAvailability ? [['Availability', `£${contract.availabilityGbpPerMwH} per MW per h`] as const] : []),
            ['Utilisation', `£${contract.utilisationGbpPerMwh} per MWh`],
            ['Awarded', <Origin key="awarded" contract={contract} />],
          ]}
        />
      </Section>
      <ReleaseSection contract={contract} />
      <Section title="Settlement terms">
        <Loaded query={terms}>
          {(data) =>
            isFsp ? <Terms terms={data} /> : <TermsEditor key={JSON.stringify(data)} contract={contract} terms={data} />
          }
        </Loaded>
      </Section>
    </>
  )
}
