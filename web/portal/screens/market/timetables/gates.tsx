import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { ContractGates } from '../../../../../schemas/market/gates.ts'
import { submissionKind } from '../../../../../schemas/market/submissions.ts'
import { useToday } from '../../../../shared/clock.ts'
import { type Column, DataTable } from '../../../../shared/components/data-table.tsx'
import { DayPicker } from '../../../../shared/components/day-picker.tsx'
import { Section } from '../../../../shared/components/page.tsx'
import { Loaded } from '../../../../shared/components/query.tsx'
import { dayAndTime, timeOfDay } from '../../../../shared/format/time.ts'
import { gatesQuery } from '../../../market-queries.ts'
import { kindWords } from './words.ts'

const columns: Column<ContractGates>[] = [
  { id: 'fu', header: 'FU', accessorFn: (row) => row.fuName, cell: ({ row }) => row.original.fuName },
  { id: 'product', header: 'Product', accessorFn: (row) => row.product, cell: ({ row }) => row.original.product },
  ...submissionKind.options.map(
    (kind): Column<ContractGates> => ({
      id: kind,
      header: kindWords[kind],
      meta: { wrap: true },
      accessorFn: (row) => closingsInWords(row, kind),
      cell: ({ row }) => closingsInWords(row.original, kind),
    }),
  ),
]

/** When the gates of a day close, contract by contract; an FSP sees its own. */
export function Gates() {
  const { day: asked } = useSearch({ from: '/inside/market/timetables' })
  const navigate = useNavigate({ from: '/market/timetables' })
  const today = useToday()
  const day = asked ?? today
  const query = useQuery(gatesQuery(day))
  const choose = (next: string) =>
    void navigate({ search: (before) => ({ ...before, day: next === today ? undefined : next }) })
  return (
    <Section flush title="Gates of a day">
      <div style={{ padding: '0 16px 12px' }}>
        <DayPicker day={day} today={today} onChange={choose} />
      </div>
      <Loaded query={query}>
        {(rows) => (
          <DataTable
            label="Gates"
            rows={rows}
            columns={columns}
            rowKey={({ contractId }) => contractId}
            empty="No contract is in force on this day."
          />
        )}
      </Loaded>
    </Section>
  )
}

/** One time, or the first and the last of several with their windows. */
function closingsInWords({ gates }: ContractGates, kind: (typeof submissionKind.options)[number]): string {
  const closings = gates.find((gate) => gate.kind === kind)?.closings ?? []
  const [first, last] = [closings[0], closings.at(-1)]
  if (!first || !last) return 'nothing to send'
  if (closings.length === 1) return dayAndTime(first.closesAt)
  if (closings.length > 4)
    return `${closings.length} gates from ${dayAndTime(first.closesAt)} to ${dayAndTime(last.closesAt)}`
  return closings
    .map((one) => `${dayAndTime(one.closesAt)} for ${timeOfDay(one.from)} to ${timeOfDay(one.to)}`)
    .join('; ')
}
