import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { ConnectionSummary } from '../../../../schemas/grid/connections.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { LinkButton } from '../../../shared/components/link-button.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { count, fixed } from '../../../shared/format/power.ts'
import { connectionsQuery } from '../../queries.ts'
import { useRefusal } from '../../session.ts'
import { siteColumns } from './columns.tsx'
import { exceptionsFirst } from './summaries.ts'
import { ConnectionTabs } from './tabs.tsx'

const columns: Column<ConnectionSummary>[] = [
  ...siteColumns.slice(0, 2),
  {
    id: 'mpan',
    header: 'MPAN',
    meta: { from: 'medium' },
    accessorFn: (site) => site.mpans.join(', '),
    cell: ({ row }) => row.original.mpans.join(', '),
  },
  {
    id: 'node',
    header: 'Fed from',
    meta: { from: 'medium' },
    accessorFn: (site) => site.nodeName,
    cell: ({ row }) => row.original.nodeName,
  },
  {
    id: 'asc',
    header: 'ASC kVA',
    meta: { align: 'right', from: 'medium' },
    accessorFn: (site) => site.ascKva,
    cell: ({ row }) => fixed(row.original.ascKva, 0),
  },
  {
    id: 'export',
    header: 'Export kVA',
    meta: { align: 'right', from: 'wide' },
    accessorFn: (site) => site.exportKva,
    cell: ({ row: { original: site } }) => (site.exportKva == null ? '–' : fixed(site.exportKva, 0)),
  },
  ...siteColumns.slice(2).filter((column) => column.id !== 'load'),
]

/** All profiled connections. */
export function Connections() {
  const query = useQuery(connectionsQuery)
  const navigate = useNavigate()
  const refusal = useRefusal('planner')
  const sites = useMemo(() => exceptionsFirst(query.data ?? []), [query.data])
  return (
    <Page
      title="Connections"
      subtitle={query.data && count(query.data.length, 'profiled connection')}
      actions={
        <>
          <LinkButton to="/connections-import">Import connections</LinkButton>
          <LinkButton to="/connection-capacities">Change capacities</LinkButton>
          <LinkButton to="/new-connection" disabled={refusal !== null} title={refusal ?? undefined}>
            Register a connection
          </LinkButton>
        </>
      }
    >
      <ConnectionTabs />
      <Loaded query={query}>
        {() => (
          <Section flush>
            <DataTable
              label="Connections"
              rows={sites}
              columns={columns}
              rowKey={(site) => site.connectionId}
              onOpen={({ connectionId }) =>
                void navigate({ to: '/connections/$connectionId', params: { connectionId } })
              }
              empty="No connection has been set up yet."
            />
          </Section>
        )}
      </Loaded>
    </Page>
  )
}
