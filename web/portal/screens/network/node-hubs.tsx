import { Link } from '@tanstack/react-router'
import type { z } from 'zod'
import type { nodePage } from '../../../../schemas/grid/network.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Notice } from '../../../shared/components/notice.tsx'
import { Section } from '../../../shared/components/page.tsx'
import { phasesInWords } from './phases.ts'

type NodeHub = z.infer<typeof nodePage>['hubs'][number]

const columns: Column<NodeHub>[] = [
  {
    id: 'name',
    header: 'Hub',
    accessorFn: (hub) => hub.name,
    cell: ({ row: { original } }) => (
      <Link to="/hubs" search={{ hub: original.hubId }}>
        {original.name}
      </Link>
    ),
  },
  {
    id: 'phases',
    header: 'Phases heard',
    accessorFn: (hub) => hub.phases.filter(({ isHeard }) => isHeard).length,
    cell: ({ row }) =>
      `${row.original.phases.filter(({ isHeard }) => isHeard).length} of ${row.original.phases.length}`,
  },
  {
    id: 'missing',
    header: 'Never heard',
    accessorFn: (hub) => hub.phases.filter(({ isHeard }) => !isHeard).length,
    cell: ({ row }) => phasesInWords(row.original.phases) ?? 'none',
  },
]

/** The hubs at a node, with the phases of their maps that never reported: the node's load is unknown without them. */
export function NodeHubs({ hubs }: { hubs: readonly NodeHub[] }) {
  const isMissing = hubs.some(({ phases }) => phases.some(({ isHeard }) => !isHeard))
  return (
    <Section title="Monitored by" flush={!isMissing}>
      {isMissing && (
        <Notice tone="doubt" title="Phases never heard">
          A phase that has never reported is missing, not zero: the load of this node is unknown without it.
        </Notice>
      )}
      <DataTable label="Hubs at this node" rows={[...hubs]} columns={columns} rowKey={(hub) => hub.hubId} empty="" />
    </Section>
  )
}
