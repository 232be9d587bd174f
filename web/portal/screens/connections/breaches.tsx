import { useQuery } from '@tanstack/react-query'
import type { Breach } from '../../../../schemas/grid/connections.ts'
import { useNow } from '../../../shared/clock.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { kwDigits, kwhDigits } from '../../../shared/format/power.ts'
import { dayAndTime, duration, utc } from '../../../shared/format/time.ts'
import { limitSourceWords } from '../../../shared/format/words.ts'
import { breachesQuery } from '../../queries.ts'

function Lasted({ breach }: { breach: Breach }) {
  const now = useNow()
  const ms = (breach.end === null ? now : Date.parse(breach.end)) - Date.parse(breach.start)
  return <>{breach.end === null ? `${duration(ms)}, ongoing` : duration(ms)}</>
}

const columns: Column<Breach>[] = [
  {
    id: 'start',
    header: 'From',
    accessorFn: (breach) => Date.parse(breach.start),
    cell: ({ row }) => <time title={utc(row.original.start)}>{dayAndTime(row.original.start)}</time>,
  },
  {
    id: 'lasted',
    header: 'Lasted',
    meta: { align: 'right' },
    accessorFn: (breach) =>
      breach.end === null ? Number.MAX_SAFE_INTEGER : Date.parse(breach.end) - Date.parse(breach.start),
    cell: ({ row }) => <Lasted breach={row.original} />,
  },
  {
    id: 'direction',
    header: 'Of',
    accessorFn: (breach) => breach.direction,
    cell: ({ row }) => row.original.direction,
  },
  {
    id: 'limit',
    header: 'Limit kW',
    meta: { align: 'right' },
    accessorFn: (breach) => breach.limitW,
    cell: ({ row }) => kwDigits(row.original.limitW),
  },
  {
    id: 'excess',
    header: 'Highest excess kW',
    meta: { align: 'right' },
    accessorFn: (breach) => breach.peakExcessW,
    cell: ({ row }) => kwDigits(row.original.peakExcessW),
  },
  {
    id: 'energy',
    header: 'Excess kWh',
    meta: { align: 'right', from: 'medium' },
    accessorFn: (breach) => breach.excessWh,
    cell: ({ row }) => kwhDigits(row.original.excessWh, 2),
  },
  {
    id: 'source',
    header: 'Limit from',
    meta: { from: 'medium' },
    accessorFn: (breach) => breach.limitSource,
    cell: ({ row }) => limitSourceWords[row.original.limitSource],
  },
]

/** Breaches of a connection, latest first. */
export function Breaches({ connectionId }: { connectionId: string }) {
  const query = useQuery(breachesQuery(connectionId))
  return (
    <Section title="Breaches" flush>
      <Loaded query={query}>
        {(breaches) => (
          <DataTable
            label="Breaches"
            rows={breaches}
            columns={columns}
            rowKey={(breach) => breach.breachId}
            empty="This connection has not been over its limit."
          />
        )}
      </Loaded>
    </Section>
  )
}
