import type { StatementLine } from '../../../../schemas/settlement/statements.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { fixed, gbp, kwDigits, kwhDigits } from '../../../shared/format/power.ts'
import { dayOf, shortDay, timeOfDay, utc } from '../../../shared/format/time.ts'
import { flagWords } from './words.ts'

function numberColumn(
  id: string,
  header: string,
  of: (line: StatementLine) => number | null,
  digits: (value: number) => string,
  from: 'medium' | 'wide' = 'medium',
): Column<StatementLine> {
  return {
    id,
    header,
    meta: { align: 'right', from },
    accessorFn: of,
    cell: ({ row }) => {
      const value = of(row.original)
      return value === null ? '–' : digits(value)
    },
  }
}

const kwh = (energyWh: number) => kwhDigits(energyWh, 3)
const ratio = (value: number) => fixed(value, 3)

/** What was instructed, W; a turn-up is negative, as in the instruction. */
function turnOf({ direction, instructedW }: StatementLine): number | null {
  return instructedW !== null && direction === 'turn-up' ? -instructedW : instructedW
}

const columns: Column<StatementLine>[] = [
  {
    id: 'number',
    header: 'No.',
    meta: { from: 'medium' },
    accessorFn: (line) => line.number,
    cell: ({ row }) => row.original.number,
  },
  { id: 'fu', header: 'FU', accessorFn: (line) => line.fuName, cell: ({ row }) => row.original.fuName },
  {
    id: 'from',
    header: 'Quarter-hour',
    accessorFn: (line) => Date.parse(line.from),
    cell: ({ row: { original } }) => (
      <time title={utc(original.from)}>
        {shortDay(dayOf(original.from))} {timeOfDay(original.from)}
      </time>
    ),
  },
  numberColumn('contracted', 'Contracted kW', (line) => line.contractedW, kwDigits, 'wide'),
  numberColumn('instructed', 'Instructed kW', turnOf, kwDigits),
  numberColumn('baseline', 'Baseline kWh', (line) => line.baselineWh, kwh, 'wide'),
  numberColumn('metered', 'Metered kWh', (line) => line.meteredWh, kwh, 'wide'),
  numberColumn('delivered', 'Delivered kWh', (line) => line.deliveredWh, kwh),
  numberColumn('ratio', 'Ratio', (line) => line.deliveryRatio, ratio, 'wide'),
  numberColumn('factor', 'Factor', (line) => line.performanceFactor, ratio),
  {
    id: 'flags',
    header: () => <span className="rm-sr-only">Flags</span>,
    meta: { from: 'medium' },
    enableSorting: false,
    cell: ({ row }) => {
      const [flag] = row.original.flags
      return flag && <Mark word={flagWords[flag].word} tone="doubt" shape="dashed" />
    },
  },
  {
    id: 'amount',
    header: 'Amount',
    meta: { align: 'right' },
    accessorFn: (line) => Number(line.amountGbp),
    cell: ({ row }) => gbp(row.original.amountGbp),
  },
]

interface LinesProps {
  lines: readonly StatementLine[]
  selected: number | undefined
  onOpen: (number: number) => void
}

/** The lines of a statement; opening one shows its inputs and arithmetic. */
export function Lines({ lines, selected, onOpen }: LinesProps) {
  return (
    <DataTable
      label="Lines"
      rows={lines}
      columns={columns}
      rowKey={(line) => String(line.number)}
      selectedKey={selected === undefined ? undefined : String(selected)}
      onOpen={({ number }) => onOpen(number)}
      empty="No line matches this filter."
    />
  )
}
