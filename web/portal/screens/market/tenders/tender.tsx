import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import type { Tender, TenderResponse } from '../../../../../schemas/market/tenders.ts'
import { LinkButton } from '../../../../shared/components/link-button.tsx'
import { Mark } from '../../../../shared/components/mark.tsx'
import { Notice } from '../../../../shared/components/notice.tsx'
import { Facts, Page, Section } from '../../../../shared/components/page.tsx'
import { Loaded } from '../../../../shared/components/query.tsx'
import { percent } from '../../../../shared/format/power.ts'
import { dayAndTime, daySpanInWords, utc } from '../../../../shared/format/time.ts'
import { responsesQuery, tenderQuery, usePaysAvailability } from '../../../market-queries.ts'
import { useOwnFsp } from '../../../session.ts'
import { Respond } from '../../fsp/respond.tsx'
import { NodeName } from '../../network/node-name.tsx'
import { UnissuedWindows } from '../unissued.tsx'
import { tenderStateWords } from '../words.ts'
import { DemandWorking } from './demand-working.tsx'
import { evaluationInWords, selectedW } from './evaluation.ts'
import { Offers } from './offers.tsx'
import { TenderActions } from './tender-actions.tsx'
import { Windows } from './windows.tsx'

/** One tender: what is wanted, who offered what, how it was evaluated, and the next step. */
export function TenderPage() {
  const { tenderId } = useParams({ from: '/inside/market/tenders/$tenderId' })
  const query = useQuery(tenderQuery(tenderId))
  const responses = useQuery(responsesQuery(tenderId))
  if (!query.data)
    return (
      <Page title="Tender">
        <Loaded query={query}>{() => null}</Loaded>
      </Page>
    )
  return <Content tender={query.data} responses={responses.data ?? []} responsesQuery={responses} />
}

interface ContentProps {
  tender: Tender
  responses: readonly TenderResponse[]
  responsesQuery: Parameters<typeof Loaded<TenderResponse[]>>[0]['query']
}

function Content({ tender, responses, responsesQuery: query }: ContentProps) {
  const isFsp = useOwnFsp() !== null
  const paysAvailability = usePaysAvailability(tender.product)
  const declined = responses.filter((response) => response.bid === 'declined')
  const evaluation = evaluationInWords(tender, responses)
  return (
    <Page
      title={tender.title}
      subtitle={`Tender of product ${tender.product}${tender.direction === 'turn-up' ? ' for turn-up' : ''}${isFsp ? '' : `, drafted by ${tender.createdBy}`}`}
      actions={
        <>
          <LinkButton to="/market">All tenders</LinkButton>
          {!isFsp && <TenderActions tender={tender} responses={responses} />}
        </>
      }
    >
      <UnissuedWindows of={{ tenderId: tender.tenderId }} />
      {evaluation && <Notice tone={evaluation.tone}>{evaluation.text}</Notice>}
      <Section>
        <Facts
          items={[
            ['State', <Mark key="state" {...tenderStateWords[tender.state]} />],
            ['Service', daySpanInWords(tender.validFrom, tender.validTo)],
            ['Zone', isFsp ? tender.zoneNodeId : <NodeName key="zone" nodeId={tender.zoneNodeId} />],
            [
              'Responses until',
              <time key="gate" title={utc(tender.gateClosesAt)}>
                {dayAndTime(tender.gateClosesAt)}
              </time>,
            ],
            ...(paysAvailability
              ? [['Availability at most', `£${tender.ceilingAvailabilityGbpPerMwH} per MW per h`] as const]
              : []),
            ['Expected use', `${percent(tender.expectedUtilisationShare, 0)} of the windows`],
            ['Utilisation at most', `£${tender.ceilingUtilisationGbpPerMwh} per MWh`],
          ]}
        />
      </Section>
      <Section title="Windows" flush>
        <Windows tender={tender} selectedW={selectedW(tender, responses)} isOwnSide={isFsp} />
      </Section>
      {tender.demand && <DemandWorking demand={tender.demand} />}
      {isFsp && query.data?.length === 0 && <Respond tender={tender} />}
      {!(isFsp && responses.length === 0) && (
        <Section title={isFsp ? 'Your offers' : 'Offers'} flush>
          <Loaded query={query}>{(data) => <Offers tender={tender} responses={data} />}</Loaded>
        </Section>
      )}
      {declined.length > 0 && (
        <Section title={isFsp ? 'You declined to bid' : 'Declined to bid'}>
          <Facts
            items={declined.map((response) => [response.fspName, response.reason || 'no reason given'] as const)}
          />
        </Section>
      )}
    </Page>
  )
}
