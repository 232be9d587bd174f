import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { OwnSite } from '../../../../schemas/market/customers.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { LoadBar } from '../../../shared/components/load-bar.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { MeasuredPower } from '../../../shared/components/measured.tsx'
import { Notice } from '../../../shared/components/notice.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { kwDigits } from '../../../shared/format/power.ts'
import { complianceWords, limitSourceWords } from '../../../shared/format/words.ts'
import { applicationsQuery, sitesQuery } from '../../queries.ts'
import { ApplicationTable } from './application-table.tsx'
import { DemoTour } from './demo-tour.tsx'
import { sitesInWords } from './site-words.ts'

/** What needs somebody stands first. */
const urgency: Record<OwnSite['state'], number> = { breach: 0, 'at-risk': 1, unknown: 2, compliant: 3 }

const columns: Column<OwnSite>[] = [
  {
    id: 'name',
    header: 'Site',
    accessorFn: (site) => site.name,
    cell: ({ row: { original } }) => (
      <Link to="/sites/$connectionId" params={{ connectionId: original.connectionId }}>
        {original.name}
      </Link>
    ),
  },
  {
    id: 'state',
    header: 'Is the limit kept?',
    accessorFn: (site) => urgency[site.state],
    cell: ({ row }) => <Mark {...complianceWords[row.original.state]} />,
  },
  {
    id: 'import',
    header: 'Load now',
    meta: { align: 'right' },
    accessorFn: (site) => site.import?.importW ?? null,
    cell: ({ row }) => <MeasuredPower given={row.original.import} />,
  },
  {
    id: 'limit',
    header: 'Limit now kW',
    meta: { align: 'right' },
    accessorFn: (site) => site.limitW,
    cell: ({ row }) => kwDigits(row.original.limitW),
  },
  {
    id: 'bar',
    header: 'Load against limit',
    meta: { from: 'wide' },
    enableSorting: false,
    cell: ({ row: { original } }) => (
      <LoadBar loadW={original.import?.importW ?? null} limitW={original.limitW} state={original.state} />
    ),
  },
  {
    id: 'source',
    header: 'Where the limit comes from',
    meta: { from: 'medium' },
    accessorFn: (site) => limitSourceWords[site.limitSource],
    cell: ({ row }) => limitSourceWords[row.original.limitSource],
  },
]

/** A customer's sites, each with its load, the limit in force and whether it is kept; and what was applied for of late. */
export function OwnSites() {
  const sites = useQuery(sitesQuery)
  return (
    <Page title="Your sites" subtitle="How much each site takes from the network now, and how much it may take.">
      <Loaded query={sites}>{(rows) => <Sites sites={rows} />}</Loaded>
      <DemoTour />
      <LatestApplications />
    </Page>
  )
}

function Sites({ sites }: { sites: readonly OwnSite[] }) {
  const navigate = useNavigate()
  const sorted = useMemo(() => sites.toSorted((a, b) => urgency[a.state] - urgency[b.state]), [sites])
  const { tone, text } = sitesInWords(sites)
  return (
    <>
      {sites.length > 0 && <Notice tone={tone}>{text}</Notice>}
      <Section title="Sites" flush>
        <DataTable
          label="Your sites"
          rows={sorted}
          columns={columns}
          rowKey={(site) => site.connectionId}
          onOpen={({ connectionId }) => void navigate({ to: '/sites/$connectionId', params: { connectionId } })}
          empty="You have no sites on record yet. Ask the network operator."
        />
      </Section>
    </>
  )
}

/** How many of the newest applications stand on the first page. */
const latest = 5

function LatestApplications() {
  const query = useQuery(applicationsQuery)
  return (
    <Section title="Latest applications" flush actions={<Link to="/applications">All applications</Link>}>
      <Loaded query={query}>{(rows) => <ApplicationTable rows={rows.slice(0, latest)} />}</Loaded>
    </Section>
  )
}
