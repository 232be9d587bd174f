import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { ServiceToOthers } from '../../../../../schemas/market/services-to-others.ts'
import { useNow } from '../../../../shared/clock.ts'
import { type Column, DataTable } from '../../../../shared/components/data-table.tsx'
import { LinkButton } from '../../../../shared/components/link-button.tsx'
import { Mark } from '../../../../shared/components/mark.tsx'
import { Notice } from '../../../../shared/components/notice.tsx'
import { Page, Section } from '../../../../shared/components/page.tsx'
import { Loaded } from '../../../../shared/components/query.tsx'
import { count } from '../../../../shared/format/power.ts'
import { servicesToOthersQuery } from '../../../market-queries.ts'
import { flexibleUnitsQuery, fspsQuery } from '../../../queries.ts'
import { useOwnFsp, useRefusal } from '../../../session.ts'
import { MarketTabs } from '../tabs.tsx'
import { ServicePanel } from './service-panel.tsx'
import { serviceState, spanInWords } from './words.ts'

interface Row extends ServiceToOthers {
  state: ReturnType<typeof serviceState>
  fuName: string
  fspName: string
}

const columns: Column<Row>[] = [
  {
    id: 'state',
    header: 'State',
    accessorFn: ({ state }) => state.urgency,
    cell: ({ row }) => <Mark {...row.original.state} />,
  },
  { id: 'fu', header: 'FU', accessorFn: ({ fuName }) => fuName, cell: ({ row }) => row.original.fuName },
  {
    id: 'fsp',
    header: 'FSP',
    meta: { from: 'wide' },
    accessorFn: ({ fspName }) => fspName,
    cell: ({ row }) => row.original.fspName,
  },
  {
    id: 'buyer',
    header: 'Buyer',
    meta: { from: 'medium' },
    accessorFn: ({ buyer }) => buyer,
    cell: ({ row }) => row.original.buyer,
  },
  {
    id: 'service',
    header: 'Service',
    meta: { from: 'medium', wrap: true },
    accessorFn: ({ service }) => service,
    cell: ({ row }) => row.original.service,
  },
  {
    id: 'time',
    header: 'Time',
    meta: { align: 'right' },
    accessorFn: ({ from }) => Date.parse(from),
    cell: ({ row }) => spanInWords(row.original),
  },
]

/** What FUs do for others than this DNO: those that run into a contract first. An FSP sees its own. */
export function ServicesToOthers() {
  const { fu, service } = useSearch({ from: '/inside/market/services-to-others' })
  const navigate = useNavigate({ from: '/market/services-to-others' })
  const query = useQuery(servicesToOthersQuery(fu))
  const isFsp = useOwnFsp() !== null
  const refusal = useRefusal('flexibility-engineer')
  const rows = useRows(query.data?.items)
  const open = rows.find(({ serviceId }) => serviceId === service)
  const meeting = rows.filter(({ state }) => state.urgency === 0).length
  const only = fu && rows[0]?.fuName
  return (
    <Page
      title="Market"
      subtitle={query.data && `${subtitleOf(rows.length, meeting)}${only ? `, of ${only}` : ''}`}
      actions={
        <>
          {fu && <LinkButton to="/market/services-to-others">All FUs</LinkButton>}
          {(isFsp || refusal === null) && (
            <LinkButton to="/market/new-service-to-others" search={fu ? { fu } : {}} variant="filled">
              Register a service
            </LinkButton>
          )}
        </>
      }
      panel={
        open && (
          <ServicePanel
            key={open.serviceId}
            service={open}
            fuName={open.fuName}
            fspName={open.fspName}
            onClose={() => void navigate({ search: { fu } })}
          />
        )
      }
    >
      <MarketTabs />
      {query.data?.nextCursor && <Notice>The latest {count(rows.length, 'service')} are shown.</Notice>}
      <Loaded query={query}>
        {() => (
          <Section flush>
            <DataTable
              label="Services to others"
              rows={rows}
              columns={isFsp ? columns.filter(({ id }) => id !== 'fsp') : columns}
              rowKey={({ serviceId }) => serviceId}
              selectedKey={service}
              onOpen={({ serviceId }) => void navigate({ search: { fu, service: serviceId } })}
              empty="No service to the system operator or another DNO is registered. Its days count as event days of baselines once it is."
            />
          </Section>
        )}
      </Loaded>
    </Page>
  )
}

/** Services with the names of their FUs and FSPs, the most urgent first. */
function useRows(items: readonly ServiceToOthers[] | undefined): Row[] {
  const minute = Math.floor(useNow() / 60_000) * 60_000
  const units = useQuery(flexibleUnitsQuery).data
  const fsps = useQuery(fspsQuery).data
  return useMemo(
    () =>
      (items ?? [])
        .map((each) => ({
          ...each,
          state: serviceState(each, minute),
          fuName: units?.find(({ fuId }) => fuId === each.fuId)?.name ?? each.fuId,
          fspName: fsps?.find(({ fspId }) => fspId === each.fspId)?.companyName ?? '',
        }))
        .toSorted((a, b) => a.state.urgency - b.state.urgency || Date.parse(b.from) - Date.parse(a.from)),
    [items, units, fsps, minute],
  )
}

function subtitleOf(all: number, meeting: number): string {
  if (meeting > 0) return `${count(meeting, 'service')} to others within a contract’s window`
  return `${count(all, 'service')} to others; none that is ahead meets a contract`
}
