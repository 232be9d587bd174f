import { type Column, DataTable } from '../../../../shared/components/data-table.tsx'
import { Glyph } from '../../../../shared/components/mark.tsx'
import { kwDigits, kwhDigits } from '../../../../shared/format/power.ts'
import { timeOfDay } from '../../../../shared/format/time.ts'
import { dayInWords, isDoubtful, markWords, type QuarterHour, sourceWords } from './day.ts'

function energyColumn(
  id: string,
  header: string,
  of: (row: QuarterHour) => number | null,
  from?: 'medium',
): Column<QuarterHour> {
  return {
    id,
    header,
    meta: { align: 'right', ...(from && { from }) },
    accessorFn: of,
    cell: ({ row }) => {
      const wh = of(row.original)
      return wh === null ? '–' : kwhDigits(wh, 2)
    },
  }
}

const columns: Column<QuarterHour>[] = [
  {
    id: 'from',
    header: 'Quarter-hour',
    accessorFn: ({ from }) => Date.parse(from),
    cell: ({ row }) => timeOfDay(row.original.from),
  },
  energyColumn('metered', 'Metered kWh', ({ meteredWh }) => meteredWh),
  {
    id: 'mean',
    header: 'Mean kW',
    meta: { align: 'right', from: 'medium' },
    accessorFn: ({ meteredWh }) => meteredWh,
    cell: ({ row: { original } }) => (original.meteredWh === null ? '–' : kwDigits(original.meteredWh * 4)),
  },
  energyColumn('baseline', 'Baseline kWh', ({ baselineWh }) => baselineWh),
  energyColumn('less', 'Below it kWh', ({ lessWh }) => lessWh, 'medium'),
  {
    id: 'source',
    header: 'Obtained',
    meta: { from: 'wide' },
    accessorFn: ({ source }) => source ?? '',
    cell: ({ row: { original } }) =>
      original.source === null
        ? 'not metered'
        : `${sourceWords[original.source]}${original.revision !== null && original.revision > 1 ? `, revision ${original.revision}` : ''}`,
  },
  {
    id: 'marks',
    header: 'Marks',
    meta: { wrap: true },
    enableSorting: false,
    cell: ({ row: { original } }) =>
      isDoubtful(original) && (
        <>
          <Glyph shape="dashed" tone="doubt" />{' '}
          {original.marks.map((mark) => markWords[mark]).join(', ') || sourceWords['hub-derived']}
        </>
      ),
  },
]

/** The chart's day as a table of quarter-hours. */
export function DayTable({ rows }: { rows: readonly QuarterHour[] }) {
  return (
    <>
      <p style={{ marginTop: 0 }}>{dayInWords(rows)}</p>
      <DataTable label="Quarter-hours" rows={rows} columns={columns} rowKey={({ from }) => from} empty="" />
    </>
  )
}
