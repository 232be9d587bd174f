import { Button } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { type NetworkNode, nodeKind } from '../../../../schemas/grid/connections.ts'
import { type NodeSort, nodeSort } from '../../../../schemas/grid/network.ts'
import { operations } from '../../../../schemas/operations.ts'
import { addressOf } from '../../../shared/api/client.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { LinkButton } from '../../../shared/components/link-button.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { count, fixed } from '../../../shared/format/power.ts'
import { nodesQuery } from '../../grid-queries.ts'
import { NetworkTabs } from './tabs.tsx'
import { nodeKindWords } from './words.ts'

/** More are not fetched at once: a search finds the rest. */
const shownAtMost = 1_000

/** The server sorts all nodes, so that a column's identifier is what it sorts by. */
type NodeColumn = Column<NetworkNode> & { id: NodeSort }

function kva(id: NodeSort, header: string, of: (node: NetworkNode) => number | null | undefined): NodeColumn {
  return {
    id,
    header,
    meta: { align: 'right', from: 'medium' },
    accessorFn: (node) => of(node) ?? null,
    cell: ({ row }) => {
      const value = of(row.original)
      if (typeof value === 'number') return fixed(value, 0)
      return isCapacityUnknown(row.original) ? <Mark word="Not known" tone="doubt" shape="dashed" /> : '–'
    },
  }
}

/** Whether nothing says what a node can carry, so that its headroom is not known either. */
function isCapacityUnknown({ ratingWinterKva, ratingSummerKva, firmCapacityKva }: NetworkNode): boolean {
  return [ratingWinterKva, ratingSummerKva, firmCapacityKva].every((value) => typeof value !== 'number')
}

export const nodeColumns: NodeColumn[] = [
  {
    id: 'name',
    header: 'Node',
    accessorFn: (node) => node.name,
    cell: ({ row }) => (
      <Link to="/network/$nodeId" params={{ nodeId: row.original.nodeId }}>
        {row.original.name}
      </Link>
    ),
  },
  {
    id: 'kind',
    header: 'Kind',
    accessorFn: (node) => nodeKind.options.indexOf(node.kind),
    cell: ({ row }) => nodeKindWords[row.original.kind],
  },
  {
    id: 'licenceArea',
    header: 'Licence area',
    meta: { from: 'wide' },
    accessorFn: (node) => node.licenceArea,
    cell: ({ row }) => row.original.licenceArea,
  },
  {
    id: 'parentId',
    header: 'Fed from',
    meta: { from: 'wide' },
    accessorFn: (node) => node.parentId,
    cell: ({ row }) => row.original.parentId ?? '–',
  },
  kva('ratingWinterKva', 'Winter rating kVA', (node) => node.ratingWinterKva),
  kva('ratingSummerKva', 'Summer rating kVA', (node) => node.ratingSummerKva),
  kva('firmCapacityKva', 'Firm kVA', (node) => node.firmCapacityKva),
]

/** The nodes of the network, searched by name or identifier. */
export function Nodes() {
  const { search = '', kind, sort, descending = false } = useSearch({ from: '/inside/network' })
  const navigate = useNavigate({ from: '/network' })
  const [settled] = useDebouncedValue(search, 200)
  const query = useQuery(
    nodesQuery({
      search: settled,
      limit: shownAtMost,
      descending,
      ...(kind ? { kind } : {}),
      ...(sort ? { sort } : {}),
    }),
  )
  const more = query.data?.nextCursor !== null && query.data !== undefined
  return (
    <Page
      title="Network"
      subtitle={
        query.data &&
        (more
          ? `the first ${fixed(shownAtMost, 0)} nodes in this order; search for others`
          : count(query.data.items.length, 'node'))
      }
      actions={<Actions />}
    >
      <NetworkTabs />
      <Loaded query={query}>
        {({ items }) => (
          <Section flush>
            <DataTable
              label="Nodes"
              rows={items}
              columns={nodeColumns}
              sorting={sort ? [{ id: sort, desc: descending }] : []}
              onSorting={([by]) =>
                void navigate({
                  search: (s) => ({ ...s, sort: nodeSort.safeParse(by?.id).data, descending: by?.desc || undefined }),
                  replace: true,
                })
              }
              rowKey={(node) => node.nodeId}
              onOpen={({ nodeId }) => void navigate({ to: '/network/$nodeId', params: { nodeId } })}
              empty={search || kind ? 'No node matches this search.' : 'No network has been imported yet.'}
            />
          </Section>
        )}
      </Loaded>
    </Page>
  )
}

/** What is searched for, and the network as a file. */
function Actions() {
  const { search = '', kind } = useSearch({ from: '/inside/network' })
  const navigate = useNavigate({ from: '/network' })
  return (
    <>
      <input
        className="rm-select"
        type="search"
        aria-label="Search nodes"
        placeholder="Name or identifier"
        value={search}
        onChange={(event) => {
          const text = event.currentTarget.value
          void navigate({ search: (s) => ({ ...s, search: text || undefined }), replace: true })
        }}
      />
      <select
        className="rm-select"
        aria-label="Kind"
        value={kind ?? ''}
        onChange={(event) => {
          const chosen = nodeKind.safeParse(event.currentTarget.value).data
          void navigate({ search: (s) => ({ ...s, kind: chosen }) })
        }}
      >
        <option value="">Every kind</option>
        {nodeKind.options.map((each) => (
          <option key={each} value={each}>
            {nodeKindWords[each]}
          </option>
        ))}
      </select>
      <LinkButton to="/network-import">Import</LinkButton>
      <Button component="a" href={addressOf(operations.exportNetwork, {})} download>
        Export CSV
      </Button>
    </>
  )
}
