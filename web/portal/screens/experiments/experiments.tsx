import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import type { Experiment } from '../../../../schemas/dispatch/experiments.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { LinkButton } from '../../../shared/components/link-button.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { count, fixed } from '../../../shared/format/power.ts'
import { daySpanInWords } from '../../../shared/format/time.ts'
import { experimentsQuery } from '../../experiment-queries.ts'
import { useRefusal } from '../../session.ts'
import { PlanningTabs } from '../planning/tabs.tsx'
import { stateWords, urgencyOf } from './words.ts'

const columns: Column<Experiment>[] = [
  {
    id: 'name',
    header: 'Experiment',
    accessorFn: ({ name }) => name,
    cell: ({ row: { original } }) => (
      <Link to="/experiments/$experimentId" params={{ experimentId: original.experimentId }}>
        {original.name}
      </Link>
    ),
  },
  {
    id: 'state',
    header: 'State',
    accessorFn: urgencyOf,
    cell: ({ row }) => <Mark {...stateWords[row.original.state]} />,
  },
  {
    id: 'days',
    header: 'Days',
    accessorFn: ({ firstDay }) => firstDay,
    cell: ({ row: { original } }) => daySpanInWords(original.firstDay, original.lastDay),
  },
  {
    id: 'depots',
    header: 'Depots',
    meta: { align: 'right', from: 'medium' },
    accessorFn: ({ connectionIds }) => connectionIds.length,
    cell: ({ row }) => fixed(row.original.connectionIds.length, 0),
  },
  {
    id: 'by',
    header: 'Changed by',
    meta: { from: 'wide' },
    accessorFn: ({ changedBy }) => changedBy,
    cell: ({ row }) => row.original.changedBy,
  },
]

/** Experiments: what is tried where and when, those that need somebody first. */
export function Experiments() {
  const query = useQuery(experimentsQuery)
  const navigate = useNavigate()
  const refusal = useRefusal('flexibility-engineer', 'planner')
  return (
    <Page
      title="Experiments"
      subtitle={query.data && count(query.data.length, 'experiment')}
      actions={
        <LinkButton to="/experiments/new" variant="filled" disabled={refusal !== null} title={refusal ?? undefined}>
          Prepare an experiment
        </LinkButton>
      }
    >
      <PlanningTabs />
      <Loaded query={query}>
        {(experiments) => (
          <Section flush>
            <DataTable
              label="Experiments"
              rows={experiments.toSorted((a, b) => urgencyOf(a) - urgencyOf(b))}
              columns={columns}
              rowKey={({ experimentId }) => experimentId}
              onOpen={({ experimentId }) =>
                void navigate({ to: '/experiments/$experimentId', params: { experimentId } })
              }
              empty="No experiment has been prepared yet. One says what is to be found out at which depots and on which days, and collects what ran there."
            />
          </Section>
        )}
      </Loaded>
    </Page>
  )
}
