import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { Timetable } from '../../../../../schemas/market/timetables.ts'
import { type Column, DataTable } from '../../../../shared/components/data-table.tsx'
import { Page, Section } from '../../../../shared/components/page.tsx'
import { Loaded } from '../../../../shared/components/query.tsx'
import { count } from '../../../../shared/format/power.ts'
import { dayAndTime } from '../../../../shared/format/time.ts'
import { contractsQuery, timetablesQuery } from '../../../market-queries.ts'
import { MarketTabs } from '../tabs.tsx'
import { UnissuedList } from '../unissued.tsx'
import { Gates } from './gates.tsx'
import { TimetablePanel } from './timetable-panel.tsx'
import { gatesInWords, reachInWords, rhythmInWords } from './words.ts'

interface Row extends Timetable {
  key: string
  reach: string
}

const columns: Column<Row>[] = [
  { id: 'product', header: 'Product', accessorFn: (row) => row.product, cell: ({ row }) => row.original.product },
  { id: 'reach', header: 'For', accessorFn: (row) => row.reach, cell: ({ row }) => row.original.reach },
  {
    id: 'rhythm',
    header: 'Instructions go out',
    meta: { wrap: true },
    accessorFn: rhythmOf,
    cell: ({ row }) => rhythmOf(row.original),
  },
  {
    id: 'gates',
    header: 'Accepted until',
    meta: { wrap: true, from: 'medium' },
    accessorFn: gatesOf,
    cell: ({ row }) => gatesOf(row.original),
  },
  {
    id: 'changed',
    header: 'Changed by',
    meta: { from: 'wide' },
    accessorFn: changedInWords,
    cell: ({ row }) => changedInWords(row.original),
  },
]

/** When instructions go out, and until when schedules are accepted: by product, zone and contract. */
export function Timetables() {
  const query = useQuery(timetablesQuery)
  const contracts = useQuery(contractsQuery).data ?? []
  const { timetable: selected } = useSearch({ from: '/inside/market/timetables' })
  const navigate = useNavigate({ from: '/market/timetables' })
  const open = (timetable: string | undefined) => void navigate({ search: (before) => ({ ...before, timetable }) })
  const rows = (query.data ?? []).map((each) => ({
    ...each,
    key: keyOf(each),
    reach: reachInWords(each, contracts),
  }))
  const found = rows.find(({ key }) => key === selected)
  return (
    <Page
      title="Market"
      subtitle={query.data && count(query.data.length, 'timetable')}
      panel={
        found && (
          <TimetablePanel
            key={`${found.key} ${found.version}`}
            timetable={found}
            all={rows}
            title={`Product ${found.product}: ${found.reach}`}
            onClose={() => open(undefined)}
          />
        )
      }
    >
      <MarketTabs />
      <UnissuedList />
      <Loaded query={query}>
        {() => (
          <Section flush title="Timetables">
            <DataTable
              label="Timetables"
              rows={rows}
              columns={columns}
              rowKey={({ key }) => key}
              selectedKey={selected}
              onOpen={({ key }) => open(key)}
              empty="There are no products."
            />
          </Section>
        )}
      </Loaded>
      <Gates />
    </Page>
  )
}

/** A timetable among the others. */
function keyOf({ product, zoneNodeId, contractId }: Timetable): string {
  return [product, zoneNodeId ?? contractId].filter((part) => part !== null).join(' ')
}

function rhythmOf({ settings }: Timetable): string {
  return settings ? rhythmInWords(settings.rhythm) : 'not in force'
}

function gatesOf({ settings }: Timetable): string {
  return settings ? gatesInWords(settings.gates) : ''
}

function changedInWords({ version, changedBy, inForceFrom, planned }: Timetable): string {
  const next = planned[0] ? `; changes ${dayAndTime(planned[0].inForceFrom)}` : ''
  if (version === 0) return 'defaults, never changed'
  return (inForceFrom ? `${changedBy}, from ${dayAndTime(inForceFrom)}` : `version ${version}`) + next
}
