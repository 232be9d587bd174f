import { lessBecauseWords } from '../../../schemas/dispatch/choice-words.ts'
import type { ChoicePeriod } from '../../../schemas/dispatch/choices.ts'
import type { Product } from '../../../schemas/vocabulary/units.ts'
import { useToday } from '../clock.ts'
import { type Column, DataTable } from '../components/data-table.tsx'
import { gbp, kw } from '../format/power.ts'
import { dayAndTime, timeOfDay } from '../format/time.ts'
import { type ChoiceSpan, choiceSpans } from './choice-spans.ts'

/** What a run chose of a unit. */
export interface UnitChosen {
  runId: string
  product: Product
  unitName: string
  periods: readonly ChoicePeriod[]
}

type Row = ChoiceSpan & Omit<UnitChosen, 'periods'>

/** What the DNO's optimiser chose of units, and why no more: one row for quarter-hours that agree. */
export function ChoiceTable({ choices, empty }: { choices: readonly UnitChosen[]; empty: string }) {
  const rows = choices.flatMap(({ periods, ...choice }) => choiceSpans(periods).map((span) => ({ ...choice, ...span })))
  return (
    <DataTable
      label="Chosen of the offers"
      rows={rows}
      columns={columns}
      rowKey={({ runId, unitName, fromMs, direction }) => `${runId} ${unitName} ${fromMs} ${direction}`}
      empty={empty}
    />
  )
}

const columns: Column<Row>[] = [
  { id: 'unit', header: 'Unit', accessorFn: ({ unitName }) => unitName, cell: ({ row }) => row.original.unitName },
  {
    id: 'product',
    header: 'Product',
    meta: { from: 'medium' },
    accessorFn: ({ product }) => product,
    cell: ({ row }) => row.original.product,
  },
  {
    id: 'from',
    header: 'Time',
    accessorFn: ({ fromMs }) => fromMs,
    cell: ({ row }) => <Time span={row.original} />,
  },
  {
    id: 'offered',
    header: 'Offered',
    meta: { align: 'right' },
    accessorFn: ({ offeredW }) => offeredW,
    cell: ({ row }) => kw(row.original.offeredW),
  },
  {
    id: 'chosen',
    header: 'Chosen',
    meta: { align: 'right' },
    accessorFn: ({ chosenW }) => chosenW,
    cell: ({ row }) => kw(row.original.chosenW),
  },
  {
    id: 'price',
    header: '£/MWh',
    meta: { align: 'right', from: 'wide' },
    accessorFn: ({ priceGbpPerMwh }) => (priceGbpPerMwh === null ? null : Number(priceGbpPerMwh)),
    cell: ({ row: { original } }) => (original.priceGbpPerMwh === null ? '–' : gbp(original.priceGbpPerMwh)),
  },
  {
    id: 'why',
    header: 'Why no more',
    meta: { wrap: true },
    accessorFn: reasonOf,
    cell: ({ row }) => reasonOf(row.original),
  },
]

function Time({ span: { fromMs, toMs } }: { span: ChoiceSpan }) {
  return `${dayAndTime(new Date(fromMs).toISOString(), useToday())} to ${timeOfDay(toMs)}`
}

function reasonOf({ because, chosenW, offeredW, marginalPriceGbpPerMwh }: ChoiceSpan): string {
  if (because === null) return chosenW < offeredW ? 'no reason is on record' : 'all of it was chosen'
  const words = lessBecauseWords[because]
  return marginalPriceGbpPerMwh === null
    ? words
    : `${words} One more kW would have cost ${gbp(marginalPriceGbpPerMwh.toFixed(2))} a MWh.`
}
