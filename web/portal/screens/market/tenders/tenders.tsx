import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { Tender } from '../../../../../schemas/market/tenders.ts'
import { type Column, DataTable } from '../../../../shared/components/data-table.tsx'
import { LinkButton } from '../../../../shared/components/link-button.tsx'
import { Mark } from '../../../../shared/components/mark.tsx'
import { Page, Section } from '../../../../shared/components/page.tsx'
import { Loaded } from '../../../../shared/components/query.tsx'
import { count } from '../../../../shared/format/power.ts'
import { tendersQuery } from '../../../market-queries.ts'
import { useOwnFsp, useRefusal } from '../../../session.ts'
import { MarketTabs } from '../tabs.tsx'
import { tenderStateWords } from '../words.ts'
import { tenderColumns } from './tender-columns.tsx'

/** What waits for somebody stands first. */
const order: Tender['state'][] = ['evaluated', 'open', 'draft', 'awarded', 'withdrawn']

const columns: Column<Tender>[] = [
  tenderColumns.title,
  {
    id: 'state',
    header: 'State',
    accessorFn: (tender) => order.indexOf(tender.state),
    cell: ({ row }) => <Mark {...tenderStateWords[row.original.state]} />,
  },
  { ...tenderColumns.product, meta: { from: 'medium' } },
  {
    id: 'zone',
    header: 'Zone',
    meta: { from: 'wide' },
    accessorFn: (tender) => tender.zoneNodeId,
    cell: ({ row }) => row.original.zoneNodeId,
  },
  tenderColumns.service,
  { ...tenderColumns.gate, meta: { align: 'right', from: 'wide' } },
  tenderColumns.need,
]

/** All tenders, those that wait for somebody first. */
export function Tenders() {
  const query = useQuery(tendersQuery)
  const navigate = useNavigate()
  const refusal = useRefusal('flexibility-engineer')
  const isFsp = useOwnFsp() !== null
  const tenders = useMemo(
    () => (query.data ?? []).toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state)),
    [query.data],
  )
  return (
    <Page
      title="Market"
      subtitle={query.data && count(query.data.length, 'tender')}
      actions={
        isFsp ? null : (
          <LinkButton to="/market/new-tender" disabled={refusal !== null} title={refusal ?? undefined} variant="filled">
            Draft a tender
          </LinkButton>
        )
      }
    >
      <MarketTabs />
      <Loaded query={query}>
        {() => (
          <Section flush>
            <DataTable
              label="Tenders"
              rows={tenders}
              columns={columns}
              rowKey={(tender) => tender.tenderId}
              onOpen={({ tenderId }) => void navigate({ to: '/market/tenders/$tenderId', params: { tenderId } })}
              empty={isFsp ? 'No tender has been published yet.' : 'No tender has been drafted yet.'}
            />
          </Section>
        )}
      </Loaded>
    </Page>
  )
}
