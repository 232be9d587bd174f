import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import type { DemandRun } from '../../../../schemas/planning/demand-runs.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { LinkButton } from '../../../shared/components/link-button.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { Age } from '../../../shared/components/measured.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { count } from '../../../shared/format/power.ts'
import { demandRunsQuery } from '../../planning-queries.ts'
import { useRefusal } from '../../session.ts'
import styles from './planning.module.css'
import { RunState } from './run-state.tsx'
import { PlanningTabs } from './tabs.tsx'
import { madeUp, resultInWords, runKindWords } from './words.ts'

const columns: Column<DemandRun>[] = [
  {
    id: 'title',
    header: 'Run',
    accessorFn: (run) => run.title,
    cell: ({ row: { original: run } }) => (
      <span className={styles.nameAndMark}>
        <Link to="/planning/runs/$runId" params={{ runId: run.runId }}>
          {run.title}
        </Link>
        {run.isSynthetic && <Mark {...madeUp} />}
      </span>
    ),
  },
  {
    id: 'kind',
    header: 'Over',
    meta: { from: 'wide' },
    accessorFn: (run) => run.kind,
    cell: ({ row }) => runKindWords[row.original.kind],
  },
  {
    id: 'state',
    header: 'State',
    accessorFn: (run) => run.state,
    cell: ({ row }) => <RunState run={row.original} />,
  },
  {
    id: 'result',
    header: 'Result',
    meta: { from: 'medium' },
    accessorFn: resultInWords,
    cell: ({ row }) => resultInWords(row.original),
  },
  {
    id: 'by',
    header: 'By',
    meta: { from: 'wide' },
    accessorFn: (run) => run.requestedBy,
    cell: ({ row }) => row.original.requestedBy,
  },
  {
    id: 'age',
    header: 'Age',
    meta: { align: 'right', from: 'medium' },
    accessorFn: (run) => -Date.parse(run.requestedAt),
    cell: ({ row }) => <Age at={row.original.requestedAt} />,
  },
]

/** Runs of EV demand, the latest first. */
export function DemandRuns() {
  const query = useQuery(demandRunsQuery)
  const navigate = useNavigate()
  return (
    <Page title="Planning" subtitle={query.data && subtitleOf(query.data)} actions={<StartButtons />}>
      <PlanningTabs />
      <Loaded query={query}>
        {(runs) => (
          <Section flush>
            <DataTable
              label="Runs of EV demand"
              rows={runs}
              columns={columns}
              rowKey={(run) => run.runId}
              onOpen={({ runId }) => void navigate({ to: '/planning/runs/$runId', params: { runId } })}
              empty="No EV demand has been worked out yet. A planner imports editions (areas and a growth scenario at least) and starts a run."
            />
          </Section>
        )}
      </Loaded>
    </Page>
  )
}

function subtitleOf(runs: readonly DemandRun[]): string {
  const unfinished = runs.filter(({ state }) => state === 'waiting' || state === 'running').length
  const all = `EV demand: ${count(runs.length, 'run')}`
  return unfinished === 0 ? all : `${all}, ${unfinished} of them not finished`
}

function StartButtons() {
  const refusal = useRefusal('planner')
  const blocked = { disabled: refusal !== null, title: refusal ?? undefined }
  return (
    <>
      <LinkButton to="/planning/new-trip-run" {...blocked}>
        Run over trips
      </LinkButton>
      <LinkButton to="/planning/new-run" variant="filled" {...blocked}>
        Run over the network
      </LinkButton>
    </>
  )
}
