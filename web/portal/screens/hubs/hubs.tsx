import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { HubState } from '../../../../schemas/grid/connections.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { LinkButton } from '../../../shared/components/link-button.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { Age } from '../../../shared/components/measured.tsx'
import { Notice } from '../../../shared/components/notice.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { PanelFacts, PanelPart, SidePanel } from '../../../shared/components/side-panel.tsx'
import { count, fixed, percent } from '../../../shared/format/power.ts'
import { dayAndTime, utc } from '../../../shared/format/time.ts'
import { linkWords } from '../../../shared/format/words.ts'
import { hubEventsQuery, hubsQuery } from '../../queries.ts'
import { useRefusal } from '../../session.ts'
import { SourceTabs } from '../feeds/tabs.tsx'
import { ExportFiles } from '../files/export-files.tsx'
import {
  driftInWords,
  eventInWords,
  hubsInWords,
  hubsTone,
  missingInWords,
  silentFirst,
  unmappedInWords,
} from './summaries.ts'

function numberColumn(id: string, header: string, of: (hub: HubState) => number): Column<HubState> {
  return {
    id,
    header,
    meta: { align: 'right', from: 'medium' },
    accessorFn: of,
    cell: ({ row }) => (of(row.original) === 0 ? '–' : fixed(of(row.original), 0)),
  }
}

const columns: Column<HubState>[] = [
  { id: 'name', header: 'Hub', accessorFn: (hub) => hub.name, cell: ({ row }) => row.original.name },
  {
    id: 'link',
    header: 'Link',
    accessorFn: (hub) => hub.link,
    cell: ({ row }) => <Mark {...linkWords[row.original.link]} />,
  },
  {
    id: 'owner',
    header: 'Owner',
    meta: { from: 'wide' },
    accessorFn: (hub) => hub.ownership ?? 'dno',
    cell: ({ row }) => (row.original.ownership === 'customer' ? 'Customer' : 'DNO'),
  },
  {
    id: 'answer',
    header: 'Last answer',
    meta: { align: 'right' },
    accessorFn: (hub) => hub.lastAnswerAt,
    cell: ({ row: { original } }) => {
      if (original.ownership === 'customer') return '–'
      return original.lastAnswerAt ? <Age at={original.lastAnswerAt} /> : 'never'
    },
  },
  {
    id: 'measurement',
    header: 'Last measurement',
    meta: { align: 'right', from: 'medium' },
    accessorFn: (hub) => hub.lastMeasurementAt,
    cell: ({ row }) => (row.original.lastMeasurementAt ? <Age at={row.original.lastMeasurementAt} /> : 'never'),
  },
  numberColumn('polls', 'Polls', (hub) => hub.polls),
  numberColumn('failed', 'Failed polls', (hub) => hub.failedPolls),
  numberColumn('malformed', 'Malformed frames', (hub) => hub.malformedFrames),
  numberColumn('unmapped', 'Points not mapped', (hub) => hub.unmappedPoints),
  numberColumn('missing', 'Phases without data', (hub) => hub.missingPowers?.length ?? 0),
  {
    id: 'drift',
    header: 'Clock drift',
    meta: { align: 'right', from: 'medium' },
    accessorFn: (hub) => Math.abs(hub.clockDriftMs ?? 0),
    cell: ({ row }) => driftInWords(row.original.clockDriftMs),
  },
]

/** LV monitors: whether they answer, and how well. */
export function Hubs() {
  const query = useQuery(hubsQuery)
  const { hub: openId } = useSearch({ from: '/inside/hubs' })
  const navigate = useNavigate({ from: '/hubs' })
  const refusal = useRefusal('operator', 'planner')
  const hubs = useMemo(() => silentFirst(query.data ?? []), [query.data])
  const open = hubs.find((hub) => hub.hubId === openId)
  return (
    <Page
      title="Hubs"
      subtitle={query.data && count(query.data.length, 'LV monitor')}
      actions={
        <LinkButton to="/new-hub" disabled={refusal !== null} title={refusal ?? undefined}>
          Register a hub
        </LinkButton>
      }
      panel={open && <HubPanel hub={open} onClose={() => void navigate({ search: {} })} />}
    >
      <SourceTabs />
      <Loaded query={query}>
        {(data) => (
          <>
            <Notice tone={hubsTone(data)}>{hubsInWords(data)}</Notice>
            <Section flush>
              <DataTable
                label="Hubs"
                rows={hubs}
                columns={columns}
                rowKey={(hub) => hub.hubId}
                selectedKey={openId}
                onOpen={({ hubId }) => void navigate({ search: { hub: hubId } })}
                empty="No hub has been set up yet."
              />
            </Section>
          </>
        )}
      </Loaded>
    </Page>
  )
}

function HubPanel({ hub, onClose }: { hub: HubState; onClose: () => void }) {
  return (
    <SidePanel title={hub.name} onClose={onClose}>
      <Troubles hub={hub} />
      <PanelPart title="Link">
        <PanelFacts
          items={[
            ['State', <Mark key="link" {...linkWords[hub.link]} />],
            ['Last answer', <Moment key="answer" at={hub.lastAnswerAt} />],
            ['Last measurement', <Moment key="measurement" at={hub.lastMeasurementAt} />],
            ['Clock drift', driftInWords(hub.clockDriftMs)],
          ]}
        />
      </PanelPart>
      {hub.ownership !== 'customer' && <Exchange hub={hub} />}
      <Measures hub={hub} />
      <PanelPart title="Installation">
        <Link to="/hubs/$hubId/installation" params={{ hubId: hub.hubId }}>
          Sensors, battery and documents
        </Link>
      </PanelPart>
      {hub.ownership !== 'customer' && (
        <PanelPart title="Registration">
          <Link to="/hubs/$hubId/registration" params={{ hubId: hub.hubId }}>
            How it is reached and read
          </Link>
        </PanelPart>
      )}
      <Events hubId={hub.hubId} />
      <PanelPart title="Download what was measured">
        <ExportFiles place={{ hubId: hub.hubId }} />
      </PanelPart>
    </SidePanel>
  )
}

/** What is wrong with a hub, and what to do about it. */
function Troubles({ hub }: { hub: HubState }) {
  return (
    <>
      {hub.communicationFailure && (
        <Notice tone="fault" title="Communication failure">
          {hub.ownership === 'customer'
            ? 'The customer’s monitor has sent nothing for longer than its timeout. Ask the customer.'
            : 'The hub has been silent for longer than its timeout. Check its power and its link; the gateway keeps polling.'}
        </Notice>
      )}
      {missingInWords(hub) && (
        <Notice tone="doubt" title="Phases without data">
          {missingInWords(hub)}
        </Notice>
      )}
      {hub.link === 'online' && (hub.complaints ?? []).length > 0 && (
        <Notice tone="doubt" title="Answers with errors">
          Its last answer reported errors or contained objects that the gateway does not understand:{' '}
          {hub.complaints?.join(', ')}. The rest was stored.
        </Notice>
      )}
      {hub.quarantinedUntil && (
        <Notice tone="doubt" title="In quarantine">
          The hub sends data that is not DNP3. The gateway does not poll it until {dayAndTime(hub.quarantinedUntil)}.
        </Notice>
      )}
    </>
  )
}

/** How the polling of a hub goes. */
function Exchange({ hub }: { hub: HubState }) {
  return (
    <PanelPart title="DNP3 exchange">
      <PanelFacts
        items={[
          ['Polls', fixed(hub.polls, 0)],
          ['Failed', `${fixed(hub.failedPolls, 0)}${hub.polls > 0 ? `, ${percent(hub.failedPolls / hub.polls)}` : ''}`],
          ['Malformed frames', fixed(hub.malformedFrames, 0)],
          ['Points not mapped', unmappedInWords(hub)],
          ['Polled by', `${hub.gatewayId ?? 'nobody yet'}${hub.pool ? `, of the pool ${hub.pool}` : ''}`],
          [
            'Point map',
            hub.pointMapName ? (
              <Link key="map" to="/point-maps/$name" params={{ name: hub.pointMapName }}>
                {hub.pointMapName}
              </Link>
            ) : (
              'its own, or the default'
            ),
          ],
          ['Events lost', hub.eventGaps ? `${count(hub.eventGaps, 'overflow')} of its buffer` : 'none'],
          ['Restarts', fixed(hub.restarts ?? 0, 0)],
        ]}
      />
    </PanelPart>
  )
}

/** What the hub monitors: a node, and the connections of its feeders. */
function Measures({ hub }: { hub: HubState }) {
  const measures = hub.measures ?? []
  if (measures.length === 0 && !hub.nodeId) return null
  return (
    <PanelPart title="Measures">
      {hub.nodeId && (
        <p>
          {'the node '}
          <Link to="/network/$nodeId" params={{ nodeId: hub.nodeId }}>
            {hub.nodeId}
          </Link>
        </p>
      )}
      {measures.map(({ connectionId, name, isCompared }) => (
        <p key={connectionId}>
          <Link to="/connections/$connectionId" params={{ connectionId }}>
            {name}
          </Link>
          {isCompared && ', compared with the DNO’s hub there'}
          {hub.ownership === 'customer' && (
            <>
              {', by a '}
              <Link to="/connections/$connectionId/monitor" params={{ connectionId }}>
                customer’s monitor
              </Link>
            </>
          )}
        </p>
      ))}
    </PanelPart>
  )
}

/** What began and ended at the hub, the newest first. */
function Events({ hubId }: { hubId: string }) {
  const { data } = useQuery(hubEventsQuery(hubId))
  if (!data) return null
  return (
    <PanelPart title={data.nextCursor === null ? 'Faults and voltages' : 'Latest faults and voltages'}>
      {data.items.length === 0 ? (
        'Nothing is on record.'
      ) : (
        <PanelFacts
          items={data.items.map((event) => [
            <Moment key={`${event.at} ${eventInWords(event)}`} at={event.at} />,
            eventInWords(event),
          ])}
        />
      )}
    </PanelPart>
  )
}

function Moment({ at }: { at: string | null }) {
  return at === null ? <>never</> : <time title={utc(at)}>{dayAndTime(at)}</time>
}
