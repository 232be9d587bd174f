import type { Tender } from '../../../../../schemas/market/tenders.ts'
import type { TenderWindow } from '../../../../../schemas/market/windows.ts'
import { type Column, DataTable } from '../../../../shared/components/data-table.tsx'
import { Mark } from '../../../../shared/components/mark.tsx'
import { kw, kwDigits } from '../../../../shared/format/power.ts'
import { weekdaysInWords } from '../words.ts'

interface Row extends TenderWindow {
  index: number
  selectedW: number
  shortfallW: number | null
}

const columns: Column<Row>[] = [
  {
    id: 'days',
    header: 'Days',
    accessorFn: (row) => row.index,
    cell: ({ row }) => weekdaysInWords(row.original.weekdays),
  },
  {
    id: 'hours',
    header: 'Local time',
    accessorFn: (row) => row.from,
    cell: ({ row }) => `${row.original.from} to ${row.original.to}`,
  },
  {
    id: 'required',
    header: 'Needed kW',
    meta: { align: 'right' },
    accessorFn: (row) => row.requiredW,
    cell: ({ row }) => kwDigits(row.original.requiredW),
  },
  {
    id: 'selected',
    header: 'Selected kW',
    meta: { align: 'right' },
    accessorFn: (row) => row.selectedW,
    cell: ({ row }) => (row.original.shortfallW === null ? '–' : kwDigits(row.original.selectedW)),
  },
  {
    id: 'shortfall',
    header: 'Result',
    meta: { from: 'medium' },
    accessorFn: (row) => row.shortfallW,
    cell: ({ row: { original } }) =>
      original.shortfallW === null ? (
        'not evaluated'
      ) : original.shortfallW > 0 ? (
        <Mark word={`${kw(original.shortfallW)} short`} tone="risk" shape="diamond" />
      ) : (
        'met'
      ),
  },
]

interface WindowsProps {
  tender: Tender
  selectedW: readonly number[]
  /** Seen by an FSP: how far the need is met by all together is not told. */
  isOwnSide: boolean
}

/** What a tender wants, window by window, and how far it is met. */
export function Windows({ tender, selectedW, isOwnSide }: WindowsProps) {
  const rows = tender.windows.map((window, index) => ({
    ...window,
    index,
    selectedW: selectedW[index] ?? 0,
    shortfallW: tender.evaluation?.shortfallW[index] ?? null,
  }))
  return (
    <DataTable
      label="Windows"
      rows={rows}
      columns={isOwnSide ? columns.slice(0, 3) : columns}
      rowKey={(row) => String(row.index)}
      empty="This tender has no windows."
    />
  )
}
