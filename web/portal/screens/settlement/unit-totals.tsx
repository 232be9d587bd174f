import { useMemo } from 'react'
import type { StatementLine } from '../../../../schemas/settlement.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { fixed, gbp, kwhDigits, percent } from '../../../shared/format/power.ts'
import { byUnit, type UnitTotal } from './by-unit.ts'

const columns: Column<UnitTotal>[] = [
  { id: 'fu', header: 'FU', accessorFn: (unit) => unit.fuName, cell: ({ row }) => row.original.fuName },
  {
    id: 'lines',
    header: 'Lines',
    meta: { align: 'right', from: 'medium' },
    accessorFn: (unit) => unit.lines,
    cell: ({ row }) => fixed(row.original.lines, 0),
  },
  {
    id: 'flagged',
    header: 'Of them unpaid',
    meta: { align: 'right', from: 'wide' },
    accessorFn: (unit) => unit.flagged,
    cell: ({ row }) => (row.original.flagged === 0 ? '–' : fixed(row.original.flagged, 0)),
  },
  {
    id: 'instructed',
    header: 'Instructed kWh',
    meta: { align: 'right', from: 'wide' },
    accessorFn: (unit) => unit.instructedWh,
    cell: ({ row }) => kwhDigits(row.original.instructedWh),
  },
  {
    id: 'delivered',
    header: 'Delivered kWh',
    meta: { align: 'right' },
    accessorFn: (unit) => unit.deliveredWh,
    cell: ({ row }) => kwhDigits(row.original.deliveredWh),
  },
  {
    id: 'ratio',
    header: 'Delivered',
    meta: { align: 'right', from: 'medium' },
    accessorFn: (unit) => (unit.instructedWh > 0 ? unit.deliveredWh / unit.instructedWh : null),
    cell: ({ row: { original } }) =>
      original.instructedWh > 0 ? percent(original.deliveredWh / original.instructedWh) : '–',
  },
  {
    id: 'amount',
    header: 'Amount',
    meta: { align: 'right' },
    accessorFn: (unit) => Number(unit.amountGbp),
    cell: ({ row }) => <strong>{gbp(row.original.amountGbp)}</strong>,
  },
]

interface UnitTotalsProps {
  lines: readonly StatementLine[]
  selected: string | undefined
  onOpen: (fuId: string) => void
}

/** The statement's sums by FU; opening one shows its lines only. */
export function UnitTotals({ lines, selected, onOpen }: UnitTotalsProps) {
  const units = useMemo(() => byUnit(lines), [lines])
  return (
    <DataTable
      label="Sums by FU"
      rows={units}
      columns={columns}
      rowKey={(unit) => unit.fuId}
      selectedKey={selected}
      onOpen={({ fuId }) => onOpen(fuId)}
      empty="This statement has no lines."
    />
  )
}
