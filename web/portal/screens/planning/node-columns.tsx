import { Link } from '@tanstack/react-router'
import { nodeKind } from '../../../../schemas/grid/connections.ts'
import type { RunNode } from '../../../../schemas/planning/demand-runs.ts'
import type { Column } from '../../../shared/components/data-table.tsx'
import { Glyph, Mark } from '../../../shared/components/mark.tsx'
import { fixed, kwDigits } from '../../../shared/format/power.ts'
import { nodeKindWords } from '../network/words.ts'
import { confidenceWords } from './words.ts'

/** The first year over the headroom; what is not known says so, and is not taken for "never". */
export function FirstYear({ node: { firstYear, isKnown } }: { node: Pick<RunNode, 'firstYear' | 'isKnown'> }) {
  if (!isKnown) return <Mark word="Not known" tone="doubt" shape="dashed" />
  if (firstYear === null) return <>never</>
  return String(firstYear)
}

/** Headroom that is left, as digits of kW; marked where there is too little. */
export function LeftW({ headroomW }: { headroomW: number | null }) {
  if (headroomW === null) return '–'
  return (
    <>
      {headroomW < 0 && <Glyph shape="triangle" tone="fault" title="Exceeded" />} {kwDigits(headroomW)}
    </>
  )
}

/** A kind of node of the tree as people say it. */
export function kindInWords(kind: string): string {
  const known = nodeKind.safeParse(kind).data
  return known ? nodeKindWords[known] : kind
}

/** Columns of the nodes of a run. */
export const nodeColumns: Column<RunNode>[] = [
  {
    id: 'rank',
    header: 'Rank',
    meta: { align: 'right' },
    accessorFn: (node) => node.rank,
    cell: ({ row }) => fixed(row.original.rank, 0),
  },
  {
    id: 'name',
    header: 'Node',
    accessorFn: (node) => node.name,
    cell: ({ row: { original: node } }) => (
      <Link
        from="/planning/runs/$runId"
        to="/planning/runs/$runId/nodes/$nodeId"
        params={(p) => ({ ...p, nodeId: node.nodeId })}
      >
        {node.name}
      </Link>
    ),
  },
  {
    id: 'kind',
    header: 'Kind',
    meta: { from: 'wide' },
    accessorFn: (node) => node.kind,
    cell: ({ row }) => kindInWords(row.original.kind),
  },
  {
    id: 'firstYear',
    header: 'First exceeded',
    meta: { align: 'right' },
    accessorFn: (node) => node.firstYear ?? (node.isKnown ? 9_998 : 9_999),
    cell: ({ row }) => <FirstYear node={row.original} />,
  },
  {
    id: 'hoursOver',
    header: 'Hours over',
    meta: { align: 'right', from: 'medium' },
    accessorFn: (node) => node.hoursOver,
    cell: ({ row: { original } }) => (original.hoursOver === null ? '–' : fixed(original.hoursOver, 1)),
  },
  {
    id: 'headroom',
    header: 'Least headroom kW',
    meta: { align: 'right', from: 'medium' },
    accessorFn: (node) => node.leastHeadroomW,
    cell: ({ row }) => <LeftW headroomW={row.original.leastHeadroomW} />,
  },
  {
    id: 'peak',
    header: 'EV peak kW',
    meta: { align: 'right' },
    accessorFn: (node) => node.peakW,
    cell: ({ row }) => kwDigits(row.original.peakW),
  },
  {
    id: 'vehicles',
    header: 'Vehicles',
    meta: { align: 'right', from: 'wide' },
    accessorFn: (node) => node.vehicles,
    cell: ({ row }) => fixed(row.original.vehicles, 0),
  },
  {
    id: 'confidence',
    header: 'Mapping',
    meta: { from: 'wide' },
    accessorFn: (node) => node.confidence,
    cell: ({ row: { original } }) => (original.confidence ? confidenceWords[original.confidence] : '–'),
  },
]
