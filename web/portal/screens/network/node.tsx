import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { Fragment, useMemo } from 'react'
import type { z } from 'zod'
import type { NodeHeadroom, nodePage } from '../../../../schemas/grid/network.ts'
import { TimeChart } from '../../../shared/chart/time-chart.tsx'
import { useNow, useToday } from '../../../shared/clock.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { DayPicker } from '../../../shared/components/day-picker.tsx'
import { LinkButton } from '../../../shared/components/link-button.tsx'
import { Notice } from '../../../shared/components/notice.tsx'
import { Facts, Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { fixed } from '../../../shared/format/power.ts'
import { dayInWords } from '../../../shared/format/time.ts'
import type { Place } from '../../forecast-queries.ts'
import { headroomQuery, nodeQuery } from '../../grid-queries.ts'
import { lastComparisonInWords } from '../connections/comparison-words.ts'
import { ExportFiles } from '../files/export-files.tsx'
import { HalfHours } from '../forecasts/half-hours.tsx'
import { SpreadSection } from '../forecasts/spread-section.tsx'
import { NodeOutlook } from '../planning/node/node-outlook.tsx'
import { ForecastSection } from './forecast.tsx'
import {
  backgroundInWords,
  capacityInWords,
  headroomInWords,
  headroomSeries,
  leastHeadroomW,
  unitOf,
} from './headroom.ts'
import { HeadroomCell } from './headroom-cell.tsx'
import { NodeHubs } from './node-hubs.tsx'
import { NodeTermsSection } from './node-terms.tsx'
import { nodeColumns } from './nodes.tsx'
import { kva, maximumInWords, nodeKindWords } from './words.ts'

type NodePage = z.infer<typeof nodePage>

/** One node: where it stands, what it can carry, how much of that is left, and what hangs below it. */
export function NodeScreen() {
  const { nodeId } = useParams({ from: '/inside/network/$nodeId' })
  const query = useQuery(nodeQuery(nodeId))
  if (query.data) return <Content key={nodeId} page={query.data} />
  return (
    <Page title="Node">
      <Loaded query={query}>{() => null}</Loaded>
    </Page>
  )
}

const connectionColumns: Column<NodePage['connections'][number]>[] = [
  {
    id: 'name',
    header: 'Connection',
    accessorFn: (c) => c.name,
    cell: ({ row: { original } }) => (
      <Link to="/connections/$connectionId" params={{ connectionId: original.connectionId }}>
        {original.name}
      </Link>
    ),
  },
  {
    id: 'asc',
    header: 'ASC kVA',
    meta: { align: 'right' },
    accessorFn: (c) => c.ascKva,
    cell: ({ row }) => fixed(row.original.ascKva, 0),
  },
  {
    id: 'comparison',
    header: 'Hub and monitor',
    meta: { from: 'medium' },
    accessorFn: (c) => (c.comparison === null ? null : Math.abs(c.comparison.differenceW ?? 0)),
    cell: ({ row: { original } }) => (original.comparison ? lastComparisonInWords(original.comparison) : '–'),
  },
]

/** How much can still be agreed at a node on a day. */
function headroomColumn(day: string): Column<NodePage['children'][number]> {
  return {
    id: 'headroom',
    header: 'Least headroom',
    meta: { align: 'right' },
    cell: ({ row }) => <HeadroomCell nodeId={row.original.nodeId} day={day} />,
  }
}

function Content({ page: { node, path, children, connections, hubs } }: { page: NodePage }) {
  const navigate = useNavigate()
  const today = useToday()
  const { day = today } = useSearch({ from: '/inside/network/$nodeId' })
  const childColumns = useMemo(() => [...nodeColumns.slice(0, 2), headroomColumn(day), ...nodeColumns.slice(4)], [day])
  return (
    <Page title={node.name} subtitle={<Path path={path} />} actions={<LinkButton to="/network">All nodes</LinkButton>}>
      {node.reserved && (
        <Notice tone="risk">
          This node is reserved for {node.reservedFor ?? 'one user, who is not on record'}: nothing is agreed at or
          below it with anybody else.
        </Notice>
      )}
      <Section>
        <NodeFacts node={node} />
      </Section>
      <Headroom nodeId={node.nodeId} />
      {connections.length > 0 && (
        <Section title="Connections at this node" flush>
          <DataTable
            label="Connections at this node"
            rows={connections}
            columns={connectionColumns}
            rowKey={(c) => c.connectionId}
            onOpen={({ connectionId }) => void navigate({ to: '/connections/$connectionId', params: { connectionId } })}
            empty=""
          />
        </Section>
      )}
      {children.length > 0 && (
        <Section title="Fed from here" flush>
          <DataTable
            label="Nodes fed from here"
            rows={children}
            columns={childColumns}
            rowKey={(child) => child.nodeId}
            onOpen={(child) => void navigate({ to: '/network/$nodeId', params: { nodeId: child.nodeId } })}
            empty=""
          />
        </Section>
      )}
      {hubs.length > 0 && <NodeHubs hubs={hubs} />}
      <NodeOutlook nodeId={node.nodeId} />
      <Section title="Download what was measured">
        <ExportFiles place={{ nodeId: node.nodeId }} />
      </Section>
    </Page>
  )
}

/** What a node is and can carry. */
function NodeFacts({ node }: { node: NodePage['node'] }) {
  return (
    <Facts
      items={[
        ['Kind', nodeKindWords[node.kind]],
        ['Licence area', node.licenceArea],
        ['Winter rating', kva(node.ratingWinterKva)],
        ['Summer rating', kva(node.ratingSummerKva)],
        ['Firm capacity', kva(node.firmCapacityKva)],
        ...(node.reservedKva
          ? [['Reserved', `${kva(node.reservedKva)} for ${node.reservedFor ?? 'a user who is not on record'}`] as const]
          : []),
        ['Highest demand, winter', maximumInWords(node, 'winter')],
        ['Highest demand, summer', maximumInWords(node, 'summer')],
        ['Identifier', node.nodeId],
      ]}
    />
  )
}

/** The way down to the node, each step a link. */
function Path({ path }: { path: NodePage['path'] }) {
  return (
    <>
      {path.map((step, i) => (
        <Fragment key={step.nodeId}>
          {i > 0 && ' › '}
          {i === path.length - 1 ? (
            step.name
          ) : (
            <Link to="/network/$nodeId" params={{ nodeId: step.nodeId }}>
              {step.name}
            </Link>
          )}
        </Fragment>
      ))}
    </>
  )
}

function Headroom({ nodeId }: { nodeId: string }) {
  const { day: asked } = useSearch({ from: '/inside/network/$nodeId' })
  const navigate = useNavigate({ from: '/network/$nodeId' })
  const today = useToday()
  const day = asked ?? today
  const minute = Math.floor(useNow() / 60_000) * 60_000
  const query = useQuery(headroomQuery(nodeId, day))
  const place: Place = { kind: 'node', id: nodeId }
  return (
    <>
      <Section
        title={day === today ? 'Load and headroom today' : `Load and headroom on ${dayInWords(day)}`}
        actions={
          <DayPicker
            day={day}
            today={today}
            onChange={(next) => void navigate({ search: { day: next === today ? undefined : next }, replace: true })}
          />
        }
      >
        <Loaded query={query}>
          {(headroom) => (
            <>
              {leastHeadroomW(headroom) === null && <Notice tone="doubt">{headroomInWords(headroom)}</Notice>}
              <Facts
                items={[
                  ['Capacity', capacityInWords(headroom)],
                  ['Background load', backgroundInWords(headroom)],
                ]}
              />
              <Chart headroom={headroom} isToday={day === today} />
            </>
          )}
        </Loaded>
      </Section>
      <ForecastSection nodeId={nodeId} day={day} now={day === today ? minute : null} />
      <SpreadSection place={place} day={day} now={day === today ? minute : null} />
      <HalfHours place={place} day={day} />
      <NodeTermsSection nodeId={nodeId} />
    </>
  )
}

function Chart({ headroom, isToday }: { headroom: NodeHeadroom; isToday: boolean }) {
  const minute = Math.floor(useNow() / 60_000) * 60_000
  const series = useMemo(() => headroomSeries(headroom), [headroom])
  return (
    <TimeChart
      tradingDay={headroom.tradingDay}
      summary={headroomInWords(headroom)}
      series={series}
      now={isToday ? minute : null}
      unit={unitOf(headroom).unit}
      height={280}
    />
  )
}
