import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { Tender } from '../../../../schemas/market.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { LinkButton } from '../../../shared/components/link-button.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { count, kwDigits } from '../../../shared/format/power.ts'
import { dayAndTime, daySpanInWords, utc } from '../../../shared/format/time.ts'
import { tendersQuery } from '../../market-queries.ts'
import { useOwnFsp, useRefusal } from '../../session.ts'
import { MarketTabs } from './tabs.tsx'
import { tenderStateWords } from './words.ts'

/** What waits for somebody stands first. */
const order: Tender['state'][] = ['evaluated', 'open', 'draft', 'awarded', 'withdrawn']

const columns: Column<Tender>[] = [
  {
    id: 'title',
    header: 'Tender',
    accessorFn: (tender) => tender.title,
    cell: ({ row }) => (
      <Link to="/market/tenders/$tenderId" params={{ tenderId: row.original.tenderId }}>
        {row.original.title}
      </Link>
    ),
  },
  {
    id: 'state',
    header: 'State',
    accessorFn: (tender) => order.indexOf(tender.state),
    cell: ({ row }) => <Mark {...tenderStateWords[row.original.state]} />,
  },
  {
    id: 'product',
    header: 'Product',
    meta: { from: 'medium' },
    accessorFn: (tender) => tender.product,
    cell: ({ row }) => row.original.product,
  },
  {
    id: 'zone',
    header: 'Zone',
    meta: { from: 'wide' },
    accessorFn: (tender) => tender.zoneNodeId,
    cell: ({ row }) => row.original.zoneNodeId,
  },
  {
    id: 'valid',
    header: 'Service',
    meta: { from: 'medium' },
    accessorFn: (tender) => tender.validFrom,
    cell: ({ row: { original } }) => daySpanInWords(original.validFrom, original.validTo),
  },
  {
    id: 'gate',
    header: 'Responses until',
    meta: { align: 'right', from: 'wide' },
    accessorFn: (tender) => Date.parse(tender.gateClosesAt),
    cell: ({ row }) => <time title={utc(row.original.gateClosesAt)}>{dayAndTime(row.original.gateClosesAt)}</time>,
  },
  {
    id: 'required',
    header: 'Highest need kW',
    meta: { align: 'right' },
    accessorFn: (tender) => Math.max(...tender.windows.map((window) => window.requiredW)),
    cell: ({ row }) => kwDigits(Math.max(...row.original.windows.map((window) => window.requiredW))),
  },
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
