import { useQuery } from '@tanstack/react-query'
import type { LoadDifference } from '../../../../schemas/grid/differences.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { Section } from '../../../shared/components/page.tsx'
import { fixed } from '../../../shared/format/power.ts'
import { timeOfDay, utc } from '../../../shared/format/time.ts'
import { loadComparisonQuery } from '../../queries.ts'
import { comparisonInWords, verdictWords } from './comparison-words.ts'

function kwColumn(id: string, header: string, of: (one: LoadDifference) => number | null): Column<LoadDifference> {
  return {
    id,
    header,
    meta: { align: 'right' },
    accessorFn: of,
    cell: ({ row }) => {
      const watts = of(row.original)
      return watts === null ? '–' : fixed(watts / 1_000, 1)
    },
  }
}

const columns: Column<LoadDifference>[] = [
  {
    id: 'at',
    header: 'Half-hour from',
    accessorFn: (one) => one.at,
    cell: ({ row }) => <time title={utc(row.original.at)}>{timeOfDay(row.original.at)}</time>,
  },
  kwColumn('hub', 'Hub kW', (one) => one.hubW),
  kwColumn('monitor', 'Monitor kW', (one) => one.monitorW),
  kwColumn('difference', 'Difference kW', (one) => one.differenceW),
  kwColumn('tolerance', 'Tolerance kW', (one) => one.toleranceW),
  {
    id: 'verdict',
    header: 'Verdict',
    accessorFn: (one) => one.verdict,
    cell: ({ row }) => <Mark {...verdictWords(row.original)} />,
  },
]

/** The hub's half-hours of a day beside those of the customer's monitor; nothing where the connection has not got both. */
export function LoadComparison({ connectionId, day }: { connectionId: string; day: string }) {
  const { data } = useQuery(loadComparisonQuery(connectionId, day))
  if (!data || (data.monitorId === null && data.halfHours.length === 0)) return null
  return (
    <Section title="Hub and customer’s monitor" flush={data.halfHours.length > 0}>
      <DataTable
        label="Hub and customer’s monitor"
        rows={data.halfHours}
        columns={columns}
        rowKey={(one) => one.at}
        empty="No half-hour of this day has been rolled up yet."
      />
      {data.halfHours.length > 0 && <p className="rm-secondary">{comparisonInWords(data)}</p>}
    </Section>
  )
}
