import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { OwnSite } from '../../../../schemas/market/customers.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { MeasuredPower } from '../../../shared/components/measured.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { kwDigits } from '../../../shared/format/power.ts'
import { complianceWords, limitSourceWords } from '../../../shared/format/words.ts'
import { ownSitesQuery } from '../../customer-queries.ts'
import { DemoTour } from '../overview/demo-tour.tsx'

const columns: Column<OwnSite>[] = [
  {
    id: 'name',
    header: 'Site',
    accessorFn: (site) => site.name,
    cell: ({ row: { original } }) => (
      <Link to="/my-sites/$connectionId" params={{ connectionId: original.connectionId }}>
        {original.name}
      </Link>
    ),
  },
  {
    id: 'state',
    header: 'Import',
    accessorFn: (site) => site.state,
    cell: ({ row }) => <Mark {...complianceWords[row.original.state]} />,
  },
  {
    id: 'import',
    header: 'Measured',
    meta: { align: 'right' },
    accessorFn: (site) => site.import?.importW ?? null,
    cell: ({ row }) => <MeasuredPower given={row.original.import} />,
  },
  {
    id: 'limit',
    header: 'Limit kW',
    meta: { align: 'right' },
    accessorFn: (site) => site.limitW,
    cell: ({ row }) => kwDigits(row.original.limitW),
  },
  {
    id: 'source',
    header: 'Limit from',
    meta: { from: 'medium' },
    accessorFn: (site) => site.limitSource,
    cell: ({ row }) => limitSourceWords[row.original.limitSource],
  },
]

/** A customer's own sites, each with the limit in force and how it keeps to it. */
export function OwnSites() {
  const sites = useQuery(ownSitesQuery)
  return (
    <Page title="Your sites">
      <DemoTour />
      <Section flush>
        <Loaded query={sites}>
          {(rows) => (
            <DataTable
              label="Your sites"
              rows={rows}
              columns={columns}
              rowKey={(site) => site.connectionId}
              empty="You have no sites on record yet. Ask the network operator."
            />
          )}
        </Loaded>
      </Section>
    </Page>
  )
}
