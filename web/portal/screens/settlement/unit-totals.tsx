import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { StatementLine } from '../../../../schemas/settlement/statements.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { fixed, gbp, kwhDigits, percent } from '../../../shared/format/power.ts'
import { deliveryQuery } from '../../settlement-queries.ts'
import { byUnit, type UnitTotal } from './by-unit.ts'

/** A unit's sums, and how it delivered; `null` until that is known. */
interface Row extends UnitTotal {
  failedPeriods: number | null
  longestFailure: number | null
}

const columns: Column<Row>[] = [
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
    header: 'Unpaid',
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
    id: 'failed',
    header: 'Failed',
    meta: { align: 'right', from: 'wide' },
    accessorFn: (unit) => unit.failedPeriods,
    cell: ({ row: { original } }) => (original.failedPeriods ? fixed(original.failedPeriods, 0) : '–'),
  },
  {
    id: 'longest',
    header: 'In a row',
    meta: { align: 'right', from: 'wide' },
    accessorFn: (unit) => unit.longestFailure,
    cell: ({ row: { original } }) => (original.longestFailure ? fixed(original.longestFailure, 0) : '–'),
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
  statementId: string
  lines: readonly StatementLine[]
  selected: string | undefined
  onOpen: (fuId: string) => void
}

/** The statement's sums by FU; opening one shows its lines only. */
export function UnitTotals({ statementId, lines, selected, onOpen }: UnitTotalsProps) {
  const reports = useQuery(deliveryQuery(statementId)).data
  const units = useMemo(
    () =>
      byUnit(lines).map((unit) => {
        const report = reports?.find((each) => each.fuId === unit.fuId)
        return {
          ...unit,
          failedPeriods: report?.failedPeriods ?? null,
          longestFailure: report?.longestFailure ?? null,
        }
      }),
    [lines, reports],
  )
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
