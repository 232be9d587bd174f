import type { MappedPoint } from '../../../../../schemas/grid/gateway.ts'
import { unitOf } from '../../../../../schemas/grid/measurements.ts'
import type { Column } from '../../../../shared/components/data-table.tsx'
import { quantities } from '../../connections/quantities.ts'

/** The SI unit of a quantity as it is written; a state has none. */
export function siUnit(quantity: MappedPoint['quantity']): string {
  if (quantity === 'status') return ''
  return quantity === 'temperature' ? '°C' : unitOf[quantity]
}

/** Where a point is measured: `feeder 1 L2`, `whole hub`. */
export function placeInWords({ feeder, phase }: Pick<MappedPoint, 'feeder' | 'phase'>): string {
  const place = feeder === 0 ? 'whole hub' : `feeder ${feeder}`
  return phase === 'none' ? place : `${place} ${phase}`
}

/** What is measured: `Active power, W`. */
export function quantityInWords(quantity: MappedPoint['quantity']): string {
  const unit = siUnit(quantity)
  return `${quantities[quantity].word}${unit === '' ? '' : `, ${unit}`}`
}

/** The columns of a list of points. @param mark says how a point differs from what is stored; empty if it does not. */
export function pointTableColumns(mark: (point: MappedPoint) => string): Column<MappedPoint>[] {
  return [
    {
      id: 'group',
      header: 'DNP3 group',
      meta: { align: 'right' },
      accessorFn: ({ group }) => group,
      cell: ({ row }) => row.original.group,
    },
    {
      id: 'index',
      header: 'Index',
      meta: { align: 'right' },
      accessorFn: ({ index }) => index,
      cell: ({ row }) => row.original.index,
    },
    {
      id: 'place',
      header: 'Measured at',
      // Feeder 9 stands before feeder 10.
      accessorFn: ({ feeder, phase }) => feeder * 10 + ['L1', 'L2', 'L3', 'none'].indexOf(phase),
      cell: ({ row }) => placeInWords(row.original),
    },
    {
      id: 'quantity',
      header: 'Quantity',
      accessorFn: ({ quantity }) => quantities[quantity].word,
      cell: ({ row }) => quantityInWords(row.original.quantity),
    },
    {
      id: 'scale',
      header: 'Scale',
      meta: { align: 'right' },
      accessorFn: ({ scale }) => scale,
      cell: ({ row }) => String(row.original.scale).replace('-', '−'),
    },
    {
      id: 'deadBand',
      header: 'Dead band',
      meta: { align: 'right', from: 'medium' },
      accessorFn: ({ deadBand }) => deadBand,
      cell: ({ row }) => row.original.deadBand ?? '–',
    },
    {
      id: 'mark',
      header: 'Against what is stored',
      meta: { from: 'medium' },
      accessorFn: mark,
      cell: ({ row }) => mark(row.original),
    },
  ]
}
