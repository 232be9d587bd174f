import { useMemo } from 'react'
import type { z } from 'zod'
import type { instructionSummary } from '../../../../schemas/dispatch/instructions.ts'
import type { FlexibleUnit } from '../../../../schemas/market/parties.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { kwDigits } from '../../../shared/format/power.ts'
import { timeOfDay, utc } from '../../../shared/format/time.ts'
import { instructionWords } from '../../../shared/format/words.ts'

export type InstructionSummary = z.infer<typeof instructionSummary>

interface Row extends InstructionSummary {
  fuName: string
}

/** From when to when an instruction asks for something, local time. */
export function spanInWords({ intervals }: Pick<InstructionSummary, 'intervals'>): string {
  const [first, last] = [intervals[0], intervals.at(-1)]
  return first && last ? `${timeOfDay(first.from)} to ${timeOfDay(last.to)}` : ''
}

/** The highest turn-down that an instruction asks for, W, or as a negative one the highest turn-up. */
export function highestW({ intervals }: Pick<InstructionSummary, 'intervals'>): number {
  const watts = intervals.map((interval) => interval.turnDownW)
  return watts.reduce((most, w) => (Math.abs(w) > Math.abs(most) ? w : most), 0)
}

const columns: Column<Row>[] = [
  { id: 'fu', header: 'FU', accessorFn: (row) => row.fuName, cell: ({ row }) => row.original.fuName },
  {
    id: 'state',
    header: 'State',
    accessorFn: (row) => row.state,
    cell: ({ row }) => <Mark {...instructionWords[row.original.state]} />,
  },
  {
    id: 'product',
    header: 'Product',
    meta: { from: 'medium' },
    accessorFn: (row) => row.product,
    cell: ({ row }) => row.original.product,
  },
  {
    id: 'when',
    header: 'Local time',
    accessorFn: (row) => Date.parse(row.intervals[0]?.from ?? ''),
    cell: ({ row }) => spanInWords(row.original),
  },
  {
    id: 'power',
    header: 'Turn-down kW',
    meta: { align: 'right' },
    accessorFn: highestW,
    cell: ({ row }) => (highestW(row.original) === 0 ? 'end' : kwDigits(highestW(row.original))),
  },
  {
    id: 'issued',
    header: 'Issued',
    meta: { align: 'right', from: 'medium' },
    accessorFn: (row) => row.issuedAt,
    cell: ({ row: { original } }) =>
      original.issuedAt ? <time title={utc(original.issuedAt)}>{timeOfDay(original.issuedAt)}</time> : 'not yet',
  },
]

interface InstructionTableProps {
  instructions: readonly InstructionSummary[]
  units: readonly FlexibleUnit[]
  selected?: string | undefined
  onOpen: (instructionId: string) => void
  empty: string
}

/** Instructions of a day, latest first. */
export function InstructionTable({ instructions, units, selected, onOpen, empty }: InstructionTableProps) {
  const rows = useMemo(
    () =>
      instructions
        .map((each) => ({ ...each, fuName: units.find((unit) => unit.fuId === each.fuId)?.name ?? each.fuId }))
        .sort((a, b) => Date.parse(b.intervals[0]?.from ?? '') - Date.parse(a.intervals[0]?.from ?? '')),
    [instructions, units],
  )
  return (
    <DataTable
      label="Instructions"
      rows={rows}
      columns={columns}
      rowKey={(row) => row.instructionId}
      selectedKey={selected}
      onOpen={({ instructionId }) => onOpen(instructionId)}
      empty={empty}
    />
  )
}
