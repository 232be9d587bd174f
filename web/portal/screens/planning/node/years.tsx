import { useMemo } from 'react'
import { YearChart } from '../../../../shared/chart/year-chart.tsx'
import { type Column, DataTable } from '../../../../shared/components/data-table.tsx'
import { fixed, kwDigits } from '../../../../shared/format/power.ts'
import { LeftW } from '../node-columns.tsx'
import { nodeInWords } from '../words.ts'
import { exceededSpans, type NodeYears, yearsSeries, yearsUnit } from './year-lines.ts'

type Year = NodeYears['years'][number]

/** A node's headroom and EV peak by year; the years over the headroom are marked at the foot. */
export function YearsChart({ node }: { node: NodeYears }) {
  const series = useMemo(() => yearsSeries(node), [node])
  const faults = useMemo(() => exceededSpans(node), [node])
  const [first, last] = [node.years[0]?.year ?? 0, node.years.at(-1)?.year ?? 0]
  return (
    <YearChart
      fromYear={first}
      toYear={last}
      summary={nodeInWords(node, last)}
      series={series}
      faults={faults}
      unit={yearsUnit(node).unit}
    />
  )
}

const columns: Column<Year>[] = [
  { id: 'year', header: 'Year', accessorFn: (row) => row.year, cell: ({ row }) => row.original.year },
  {
    id: 'peak',
    header: 'EV peak kW',
    meta: { align: 'right' },
    accessorFn: (row) => row.peakW,
    cell: ({ row }) => kwDigits(row.original.peakW),
  },
  {
    id: 'headroom',
    header: 'Least headroom kW',
    meta: { align: 'right' },
    accessorFn: (row) => row.leastHeadroomW,
    cell: ({ row }) => <LeftW headroomW={row.original.leastHeadroomW} />,
  },
  {
    id: 'hours',
    header: 'Hours over',
    meta: { align: 'right' },
    accessorFn: (row) => row.hoursOver,
    cell: ({ row: { original } }) => (original.hoursOver === null ? '–' : fixed(original.hoursOver, 1)),
  },
]

/** The same as a table. */
export function YearsTable({ node }: { node: NodeYears }) {
  return (
    <DataTable
      label="EV demand by year"
      rows={node.years}
      columns={columns}
      rowKey={({ year }) => String(year)}
      empty="The run has no years."
    />
  )
}
