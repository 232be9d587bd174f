import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { PseudoNetwork } from '../../../../schemas/dispatch/rehearsals.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { LinkButton } from '../../../shared/components/link-button.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { count, fixed } from '../../../shared/format/power.ts'
import { dayAndTime, utc } from '../../../shared/format/time.ts'
import { pseudoNetworksQuery } from '../../dispatch-queries.ts'
import { useRefusal } from '../../session.ts'

const columns: Column<PseudoNetwork>[] = [
  { id: 'name', header: 'Pseudo-network', accessorFn: ({ name }) => name, cell: ({ row }) => row.original.name },
  {
    id: 'nodes',
    header: 'Nodes',
    meta: { align: 'right' },
    accessorFn: ({ nodes }) => nodes.length,
    cell: ({ row }) => fixed(row.original.nodes.length, 0),
  },
  {
    id: 'members',
    header: 'FUs',
    meta: { align: 'right' },
    accessorFn: ({ members }) => members.length,
    cell: ({ row }) => fixed(row.original.members.length, 0),
  },
  {
    id: 'made',
    header: 'Made',
    meta: { from: 'medium' },
    accessorFn: ({ createdAt }) => Date.parse(createdAt),
    cell: ({ row: { original } }) => (
      <span>
        <time title={utc(original.createdAt)}>{dayAndTime(original.createdAt)}</time> by {original.createdBy}
      </span>
    ),
  },
]

/** Made-up networks on which dispatch is rehearsed. */
export function PseudoNetworks() {
  const query = useQuery(pseudoNetworksQuery)
  const refusal = useRefusal('flexibility-engineer')
  const navigate = useNavigate({ from: '/rehearsals' })
  return (
    <Page
      title="Rehearsals"
      subtitle={query.data && `${count(query.data.length, 'pseudo-network')}. A rehearsal sends nothing.`}
      actions={
        <>
          <LinkButton to="/dispatch">Dispatch board</LinkButton>
          {refusal === null && (
            <LinkButton to="/rehearsals/new" variant="filled">
              New pseudo-network
            </LinkButton>
          )}
        </>
      }
    >
      <Loaded query={query}>
        {(networks) => (
          <Section flush>
            <DataTable
              label="Pseudo-networks"
              rows={networks}
              columns={columns}
              rowKey={({ pseudoNetworkId }) => pseudoNetworkId}
              onOpen={({ pseudoNetworkId }) =>
                void navigate({ to: '/rehearsals/$pseudoNetworkId', params: { pseudoNetworkId } })
              }
              empty={
                refusal === null
                  ? 'There is no pseudo-network yet. Make one of some FUs to try what the optimisation would choose of them.'
                  : `There is no pseudo-network yet. ${refusal}`
              }
            />
          </Section>
        )}
      </Loaded>
    </Page>
  )
}
