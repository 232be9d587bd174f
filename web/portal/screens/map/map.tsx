import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { type CSSProperties, lazy, Suspense, useMemo, useState } from 'react'
import { useToday } from '../../../shared/clock.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { Notice, ProblemNotice } from '../../../shared/components/notice.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { Loaded, Waiting } from '../../../shared/components/query.tsx'
import { fixed } from '../../../shared/format/power.ts'
import { isSameData } from '../../../shared/same-data.ts'
import { networkBoundsQuery } from '../../map-queries.ts'
import { NetworkTabs } from '../network/tabs.tsx'
import { Choices } from './choices.tsx'
import styles from './map.module.css'
import { NodePanel } from './panel.tsx'
import { isOfPlaces, useShownPlaces, useTrips } from './places.ts'
import { shadeOpacities } from './style.ts'
import { isOfRun, type MapRow, type Shown, useScenario, useShownNodes } from './subject.ts'
import { viewIn, viewText } from './view.ts'
import { type Subject, subjectWords } from './words.ts'

// The map's program is larger than all else on the portal: it comes when somebody opens the map, and the table does not wait for it.
const MapCanvas = lazy(() => import('./map-canvas.tsx'))

/** The network on a map with a table of the same nodes beside it, a subject at a time. */
export function NetworkMap() {
  const search = useSearch({ from: '/inside/map' })
  const { subject = 'headroom', node } = search
  const navigate = useNavigate({ from: '/map' })
  const [attempt, setAttempt] = useState(0)
  const { query: networkRuns, scenario } = useScenario(search, Number(useToday().slice(0, 4)))
  const { query: tripRuns, trips } = useTrips(search)
  const nodes = useShownNodes(subject, scenario, attempt)
  const places = useShownPlaces(subject, trips, attempt)
  const shown = isOfPlaces(subject) ? places : nodes
  const select = (nodeId: string | undefined) => void navigate({ search: (s) => ({ ...s, node: nodeId }) })
  const row = shown?.data?.rows.find(({ nodeId }) => nodeId === node)
  const run = isOfRun(subject) ? scenario.run : undefined
  return (
    <Page
      title="Map"
      subtitle={subjectWords[subject]}
      actions={<Choices subject={subject} scenario={scenario} trips={trips} />}
      panel={
        node !== undefined && (
          <NodePanel nodeId={node} row={row} run={run} year={scenario.year} onClose={() => select(undefined)} />
        )
      }
    >
      <NetworkTabs />
      {shown ? (
        <Loaded query={shown}>
          {(data) => <Both shown={data} selected={node} onSelect={select} onRetry={() => setAttempt((n) => n + 1)} />}
        </Loaded>
      ) : (
        <Loaded query={isOfPlaces(subject) ? tripRuns : networkRuns}>{() => <NoRun subject={subject} />}</Loaded>
      )}
    </Page>
  )
}

function NoRun({ subject }: { subject: Subject }) {
  const isOfTrips = isOfPlaces(subject)
  return (
    <Notice title={isOfTrips ? 'No trips to show' : 'No scenario to show'}>
      No run of EV demand over {isOfTrips ? 'trips' : 'the network'} is done yet. A planner starts one under{' '}
      <Link to="/planning">Planning</Link>; the map shows it when it is done.
    </Notice>
  )
}

interface BothProps {
  shown: Shown
  selected: string | undefined
  onSelect: (nodeId: string) => void
  onRetry: () => void
}

/** The value as it was, for as long as what it says is the same: a map is not drawn anew because its screen is. */
function useSame<T>(value: T): T {
  const [kept, setKept] = useState(value)
  if (kept === value || isSameData(kept, value)) return kept
  setKept(value)
  return value
}

/** The map, and the table beside it. */
function Both({ shown, selected, onSelect, onRetry }: BothProps) {
  const search = useSearch({ from: '/inside/map' })
  const navigate = useNavigate({ from: '/map' })
  const bounds = useQuery(networkBoundsQuery)
  const [problem, setProblem] = useState<Error | null>(null)
  const view = useMemo(() => viewIn(search.view), [search.view])
  const place = useSame(shown.rows.find(({ nodeId }) => nodeId === selected)?.place ?? null)
  const drawn = useSame(shown.drawn)
  return (
    <div className={styles.layout}>
      <Section flush>
        {problem && <ProblemNotice error={problem} onRetry={onRetry} />}
        <Suspense fallback={<Waiting />}>
          {bounds.data !== undefined && (
            <MapCanvas
              drawn={drawn}
              view={view}
              bounds={bounds.data ?? shown.bounds ?? null}
              selected={place}
              onView={(now) => void navigate({ search: (s) => ({ ...s, view: viewText(now) }), replace: true })}
              onSelect={onSelect}
              onProblem={setProblem}
            />
          )}
        </Suspense>
        <LegendList shown={shown} />
      </Section>
      <Section flush>
        <DataTable
          label={`${shown.nameHead}s: ${subjectWords[shown.drawn.subject]}`}
          rows={shown.rows}
          columns={columnsOf(shown)}
          rowKey={({ nodeId }) => nodeId}
          selectedKey={selected}
          {...(isOfPlaces(drawn.subject) ? {} : { onOpen: ({ nodeId }: MapRow) => onSelect(nodeId) })}
          empty={shown.empty}
        />
      </Section>
    </div>
  )
}

/** What the marks mean, and how many there are. */
function LegendList({ shown: { drawn, counts, notes, shadeWords } }: { shown: Shown }) {
  return (
    <>
      <ul className={styles.legend} aria-label="Legend">
        {shadeWords?.map(({ shade, word }) => (
          <li key={word}>
            <span
              className={styles.shade}
              data-few={shade === null || undefined}
              style={{ '--shade': shadeOpacities[shade ?? 1] } as CSSProperties}
            />
            {word}
          </li>
        ))}
        {drawn.legend.map(({ state, wording }) => (
          <li key={state}>
            <Mark {...wording} />
            {counts && <span>{fixed(counts[state] ?? 0, 0)}</span>}
          </li>
        ))}
      </ul>
      <div className={styles.notes}>
        {notes.map((note) => (
          <p key={note}>{note}</p>
        ))}
        <p>
          Lines lead from substations to what feeds them; they are not the routes of cables.
          {!shadeWords &&
            ' Where marks would cover each other, the map has the node that needs someone most; from near by it has all.'}
        </p>
      </div>
    </>
  )
}

const stateColumn: Column<MapRow> = {
  id: 'state',
  header: 'State',
  enableSorting: false,
  accessorFn: (row) => row.wording?.word,
  cell: ({ row }) => row.original.wording && <Mark {...row.original.wording} />,
}

function columnsOf({ nameHead, amountHead, shadeWords }: Shown): Column<MapRow>[] {
  // The server has ranked all nodes: sorting those that are here would rank some of them.
  return [
    {
      id: 'name',
      header: nameHead,
      meta: { wrap: true },
      enableSorting: false,
      accessorFn: (row) => row.name,
      cell: ({ row }) => row.original.name,
    },
    ...(shadeWords ? [] : [stateColumn]),
    {
      id: 'amount',
      header: amountHead,
      meta: { align: 'right' },
      enableSorting: false,
      accessorFn: (row) => row.amount,
      cell: ({ row }) => row.original.amount,
    },
    {
      id: 'kind',
      header: shadeWords ? 'Borough' : 'Kind',
      meta: shadeWords ? {} : { from: 'medium' },
      enableSorting: false,
      accessorFn: (row) => row.kind,
      cell: ({ row }) => row.original.kind,
    },
  ]
}
