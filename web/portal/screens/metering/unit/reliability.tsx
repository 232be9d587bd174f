import { useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type { unitReliability } from '../../../../../schemas/settlement/reliability.ts'
import { type Column, DataTable } from '../../../../shared/components/data-table.tsx'
import { Section } from '../../../../shared/components/page.tsx'
import { Loaded } from '../../../../shared/components/query.tsx'
import { count, energy, kwhDigits, percent } from '../../../../shared/format/power.ts'
import { dayAndTime } from '../../../../shared/format/time.ts'
import { reliabilityQuery } from '../../../settlement-queries.ts'

type Found = z.infer<typeof unitReliability>
type Period = Found['periods'][number]

const columns: Column<Period>[] = [
  {
    id: 'from',
    header: 'Quarter-hour',
    accessorFn: ({ from }) => Date.parse(from),
    cell: ({ row }) => dayAndTime(row.original.from),
  },
  {
    id: 'instructed',
    header: 'Instructed kWh',
    meta: { align: 'right' },
    accessorFn: ({ instructedWh }) => instructedWh,
    cell: ({ row }) => kwhDigits(row.original.instructedWh, 2),
  },
  {
    id: 'delivered',
    header: 'Delivered kWh',
    meta: { align: 'right' },
    accessorFn: ({ deliveredWh }) => deliveredWh,
    cell: ({ row }) => kwhDigits(row.original.deliveredWh, 2),
  },
  {
    id: 'statement',
    header: 'Statement',
    meta: { from: 'medium' },
    accessorFn: ({ statementNumber }) => statementNumber,
    cell: ({ row }) => row.original.statementNumber,
  },
]

/** What an FU delivered of what it was instructed, by issued statements. */
export function Reliability({ fuId }: { fuId: string }) {
  const query = useQuery(reliabilityQuery(fuId))
  return (
    <Section title="Reliability" flush>
      <Loaded query={query}>
        {(found) => (
          <>
            {found.ratio !== null && <p style={{ margin: 0, padding: '0 16px 12px' }}>{inWords(found)}</p>}
            <DataTable
              label="Settled quarter-hours with an instruction"
              rows={found.periods}
              columns={columns}
              rowKey={({ from }) => from}
              empty="No quarter-hour with an instruction has been settled yet: reliability follows from issued statements."
            />
          </>
        )}
      </Loaded>
    </Section>
  )
}

function inWords({ ratio, instructedWh, deliveredWh, periods }: Found): string {
  const share = ratio === null ? '' : percent(ratio)
  return `${share}: ${energy(deliveredWh)} delivered of ${energy(instructedWh)} instructed, in the latest ${count(periods.length, 'settled quarter-hour')} with an instruction.`
}
