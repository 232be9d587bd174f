import { useMemo } from 'react'
import { useNow } from '../clock.ts'
import { type Column, DataTable } from '../components/data-table.tsx'
import { Glyph } from '../components/mark.tsx'
import { kwDigits } from '../format/power.ts'
import { timeOfDay } from '../format/time.ts'
import { dayInOneLine, type ShownDay } from './day-in-words.ts'
import { type DayRow, dayRows } from './day-rows.ts'
import styles from './day-table.module.css'

function powerColumn(id: string, header: string, of: (row: DayRow) => number | null): Column<DayRow> {
  return {
    id,
    header,
    meta: { align: 'right' },
    accessorFn: of,
    cell: ({ row }) => {
      const value = of(row.original)
      return value === null ? '–' : kwDigits(value)
    },
  }
}

const columns: Column<DayRow>[] = [
  {
    id: 'from',
    header: 'Quarter-hour',
    accessorFn: (row) => row.from,
    cell: ({ row }) => timeOfDay(row.original.from),
  },
  powerColumn('limit', 'Limit kW', (row) => row.limitW),
  powerColumn('mean', 'Mean import kW', (row) => row.meanW),
  powerColumn('max', 'Highest import kW', (row) => row.maxW),
  powerColumn('headroom', 'Least headroom kW', (row) => row.headroomW),
  powerColumn('turn-down', 'Turn-down kW', (row) => row.turnDownW),
  {
    id: 'quality',
    header: () => <span className="rm-sr-only">Marks</span>,
    enableSorting: false,
    cell: ({ row: { original: row } }) => (
      <>
        {row.headroomW !== null && row.headroomW < 0 && <Glyph shape="triangle" tone="fault" title="Over limit" />}
        {row.doubtful && <Glyph shape="dashed" tone="doubt" title="Unreliable data" />}
      </>
    ),
  },
]

/** The chart's day as a table of quarter-hours. */
export function DayTable({ day }: { day: ShownDay }) {
  const now = useNow()
  const rows = useMemo(() => dayRows(day), [day])
  return (
    <>
      <p className={styles.summary}>{dayInOneLine(day, now)}</p>
      <DataTable
        label="Import by quarter-hour"
        rows={rows}
        columns={columns}
        rowKey={(row) => String(row.from)}
        empty="This day has no quarter-hours."
      />
    </>
  )
}
