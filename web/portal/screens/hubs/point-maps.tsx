import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import type { StoredPointMap } from '../../../../schemas/grid/hubs.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { LinkButton } from '../../../shared/components/link-button.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { fixed } from '../../../shared/format/power.ts'
import { pointMapsQuery } from '../../hub-queries.ts'
import { waitingQuery } from '../../proposal-queries.ts'
import { useRefusal } from '../../session.ts'
import { SourceTabs } from '../feeds/tabs.tsx'
import { WaitingFor } from '../proposals/proposal-view.tsx'

const columns: Column<StoredPointMap>[] = [
  {
    id: 'name',
    header: 'Point map',
    accessorFn: ({ name }) => name,
    cell: ({ row: { original } }) => (
      <Link to="/point-maps/$name" params={{ name: original.name }}>
        {original.name}
      </Link>
    ),
  },
  {
    id: 'points',
    header: 'Points',
    meta: { align: 'right' },
    accessorFn: ({ points }) => points.length,
    cell: ({ row }) => fixed(row.original.points.length, 0),
  },
  {
    id: 'feeders',
    header: 'Feeders',
    meta: { align: 'right' },
    accessorFn: (map) => feedersOf(map),
    cell: ({ row }) => fixed(feedersOf(row.original), 0),
  },
  {
    id: 'hubs',
    header: 'Hubs that use it',
    meta: { align: 'right' },
    accessorFn: ({ hubs }) => hubs,
    cell: ({ row }) => fixed(row.original.hubs, 0),
  },
]

function feedersOf({ points }: StoredPointMap): number {
  return new Set(points.map(({ feeder }) => feeder).filter((feeder) => feeder > 0)).size
}

/** The point maps of hub models: what the DNP3 points of a model mean. */
export function PointMaps() {
  const query = useQuery(pointMapsQuery)
  const navigate = useNavigate()
  const refusal = useRefusal('operator')
  return (
    <Page
      title="Point maps"
      subtitle="What the DNP3 points of a model of hub mean. A hub without one has the map of a VisNet-like monitor."
      actions={
        <LinkButton to="/new-point-map" variant="filled" disabled={refusal !== null} title={refusal ?? undefined}>
          New point map
        </LinkButton>
      }
    >
      <SourceTabs />
      <Loaded query={query}>
        {(maps) => (
          <>
            <NewOnes maps={maps} />
            <Section flush>
              <DataTable
                label="Point maps"
                rows={maps}
                columns={columns}
                rowKey={({ name }) => name}
                onOpen={({ name }) => void navigate({ to: '/point-maps/$name', params: { name } })}
                empty="There is no point map yet: every hub has the map of a VisNet-like monitor, or its own."
              />
            </Section>
          </>
        )}
      </Loaded>
    </Page>
  )
}

/** Maps that wait for their second person and are not in the list yet. */
function NewOnes({ maps }: { maps: readonly StoredPointMap[] }) {
  const waiting = useQuery(waitingQuery).data ?? []
  const names = waiting
    .filter(({ operation, subject }) => operation === 'savePointMap' && maps.every(({ name }) => name !== subject.id))
    .map(({ subject }) => subject.id)
  return [...new Set(names)].map((name) => <WaitingFor key={name} subjectId={name} operation="savePointMap" />)
}
