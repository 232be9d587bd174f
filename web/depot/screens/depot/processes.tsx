import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import type { ProcessState } from '../../../../schemas/fsp/processes.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { Age } from '../../../shared/components/measured.tsx'
import { Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { count, fixed } from '../../../shared/format/power.ts'
import { processesQuery } from '../../queries.ts'
import { DepotPage } from './depot-page.tsx'

const processWords: Record<string, string> = {
  cycle: 'Control cycle',
  'charge-points': 'Messages of charge points',
  feed: 'Feed',
  alarms: 'Alarms',
  notices: 'Notices of alarms',
}

/** What runs for a depot: when it last ran, how long it took, what it made, and what failed. */
export function DepotProcesses() {
  const { depotId } = useParams({ from: '/inside/depots/$depotId/processes' })
  const query = useQuery(processesQuery(depotId))
  return (
    <DepotPage depotId={depotId}>
      {() => (
        <Section title="What runs for this depot" flush>
          <Loaded query={query}>
            {(processes) => (
              <DataTable
                label="What runs for this depot"
                rows={processes.toSorted((a, b) => b.failuresInARow - a.failuresInARow)}
                columns={columns}
                rowKey={({ process, subject }) => `${process} ${subject}`}
                empty="Nothing has run for this depot since the FSP was started."
              />
            )}
          </Loaded>
        </Section>
      )}
    </DepotPage>
  )
}

const columns: Column<ProcessState>[] = [
  {
    id: 'process',
    header: 'Process',
    accessorFn: ({ process, subject }) => `${process} ${subject}`,
    cell: ({ row: { original } }) => `${processWords[original.process] ?? original.process}, ${original.subject}`,
  },
  {
    id: 'state',
    header: 'Last run',
    accessorFn: ({ failuresInARow }) => failuresInARow,
    cell: ({ row: { original } }) =>
      original.failuresInARow === 0 ? (
        <Mark word="Succeeded" tone="normal" shape="tick" />
      ) : (
        <Mark word={`Failed ${original.failuresInARow} times in succession`} tone="fault" shape="cross" />
      ),
  },
  {
    id: 'age',
    header: 'Ago',
    meta: { align: 'right' },
    accessorFn: ({ lastRunAt }) => lastRunAt,
    cell: ({ row }) => <Age at={row.original.lastRunAt} />,
  },
  {
    id: 'took',
    header: 'Took ms',
    meta: { align: 'right', from: 'medium' },
    accessorFn: ({ lastDurationMs }) => lastDurationMs,
    cell: ({ row }) => fixed(row.original.lastDurationMs, 0),
  },
  {
    id: 'made',
    header: 'Made',
    meta: { align: 'right', from: 'medium' },
    accessorFn: ({ lastRecords }) => lastRecords,
    cell: ({ row }) => madeInWords(row.original),
  },
  {
    id: 'failures',
    header: 'Failed of runs',
    meta: { align: 'right', from: 'wide' },
    accessorFn: ({ failures }) => failures,
    cell: ({ row: { original } }) => `${fixed(original.failures, 0)} of ${fixed(original.runs, 0)}`,
  },
  {
    id: 'error',
    header: 'Why it failed',
    meta: { wrap: true, from: 'wide' },
    enableSorting: false,
    cell: ({ row }) => row.original.lastError ?? '–',
  },
]

/** Set points of a control cycle in the last minute and hour; records of everything else. */
function madeInWords({ process, lastRecords, figures }: ProcessState): string {
  const { setpointsLastMinute, setpointsLastHour } = figures
  if (process !== 'cycle' || setpointsLastMinute === undefined) return count(lastRecords, 'record')
  return `${count(setpointsLastMinute, 'set point')} a minute, ${fixed(setpointsLastHour ?? 0, 0)} an hour`
}
