import type { ReactNode } from 'react'
import type { Column } from '../../../shared/components/data-table.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { kwDigits, kwhDigits } from '../../../shared/format/power.ts'
import { type NodeNeed, priceInWords, shortInWords } from './needs.ts'

/** What an optimisation found at each node: what is short, the need, and what one more kW would cost. */
export function needColumns(nodeCell: (need: NodeNeed) => ReactNode): Column<NodeNeed>[] {
  return [
    {
      id: 'node',
      header: 'Node',
      accessorFn: (need) => need.name,
      cell: ({ row }) => nodeCell(row.original),
    },
    {
      id: 'shortfall',
      header: 'Result',
      accessorFn: (need) => need.mostShortW,
      cell: ({ row: { original } }) =>
        original.mostShortW > 0 ? <Mark word={shortInWords(original)} tone="risk" shape="diamond" /> : 'met',
    },
    {
      id: 'need',
      header: 'Highest need kW',
      meta: { align: 'right' },
      accessorFn: (need) => need.mostNeedW,
      cell: ({ row }) => kwDigits(row.original.mostNeedW),
    },
    {
      id: 'energy',
      header: 'Need kWh',
      meta: { align: 'right', from: 'medium' },
      accessorFn: (need) => need.needWh,
      cell: ({ row }) => kwhDigits(row.original.needWh),
    },
    {
      id: 'price',
      header: 'One more kW £/MWh',
      meta: { align: 'right', from: 'medium' },
      accessorFn: (need) => need.highestPrice,
      cell: ({ row }) => priceInWords(row.original),
    },
  ]
}
