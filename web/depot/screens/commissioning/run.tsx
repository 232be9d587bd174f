import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { CommissioningRun, CommissioningStep } from '../../../../schemas/fsp/commissioning.ts'
import { fspOperations } from '../../../../schemas/fsp/operations.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { Notice, ProblemNotice } from '../../../shared/components/notice.tsx'
import { Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { TwoStep } from '../../../shared/components/two-step.tsx'
import { fixed } from '../../../shared/format/power.ts'
import { api, download } from '../../api.ts'
import { runQuery } from '../../queries.ts'
import { useRefusal } from '../../session.ts'
import { runWords, stepWords, verdictWords } from './words.ts'

/** One run with its steps as they come, and its evidence as files. */
export function RunSection({ depotId, runId }: { depotId: string; runId: string }) {
  const query = useQuery(runQuery(depotId, runId))
  const params = { depotId, runId }
  const save = useMutation({
    mutationFn: (kind: 'csv' | 'pdf') =>
      kind === 'csv'
        ? download(fspOperations.exportCommissioning, { params }, `commissioning-${runId}.csv`)
        : download(fspOperations.printCommissioning, { params }, `commissioning-${runId}.pdf`),
  })
  return (
    <Section
      title={query.data ? `Run of ${query.data.identity}` : 'Run'}
      flush
      actions={
        <>
          {query.data?.state === 'running' && <Stop run={query.data} />}
          <Button loading={save.isPending} onClick={() => save.mutate('pdf')}>
            Download PDF
          </Button>
          <Button loading={save.isPending} onClick={() => save.mutate('csv')}>
            Download CSV
          </Button>
        </>
      }
    >
      {save.isError && <ProblemNotice error={save.error} />}
      <Loaded query={query}>
        {(run) => (
          <>
            <Notice tone={runWords[run.state].tone}>{inWords(run)}</Notice>
            <DataTable
              label="Steps"
              rows={run.steps}
              columns={columns}
              rowKey={({ number }) => String(number)}
              empty="The run has no steps yet."
            />
          </>
        )}
      </Loaded>
    </Section>
  )
}

function Stop({ run: { depotId, runId } }: { run: CommissioningRun }) {
  const queries = useQueryClient()
  const refusal = useRefusal(['depot-admin'], depotId)
  const stop = useMutation({
    mutationFn: () => api.call(fspOperations.stopCommissioning, { params: { depotId, runId } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['depot', depotId, 'commissioning'] }),
  })
  return (
    <TwoStep
      label="Stop the run"
      refusal={refusal}
      consequence="What it has shown is kept, and the optimiser takes over at once."
      action={stop}
    />
  )
}

function inWords({ state, steps, stoppedBy }: CommissioningRun): string {
  const of = (verdict: CommissioningStep['verdict']) => steps.filter((step) => step.verdict === verdict).length
  const done = `${of('passed')} of ${steps.length} steps passed, ${of('failed')} failed`
  if (state === 'running') return `It runs: ${done} so far.`
  return state === 'stopped' ? `Stopped by ${stoppedBy ?? 'the end of the program'}: ${done}.` : `${done}.`
}

const columns: Column<CommissioningStep>[] = [
  { id: 'step', header: 'Step', accessorFn: ({ number }) => number, cell: ({ row }) => stepWords(row.original) },
  {
    id: 'verdict',
    header: 'Verdict',
    accessorFn: ({ verdict }) => verdict,
    cell: ({ row }) => <Mark {...verdictWords[row.original.verdict]} />,
  },
  {
    id: 'expected',
    header: 'Expected',
    meta: { wrap: true, from: 'medium' },
    enableSorting: false,
    cell: ({ row }) => row.original.expected,
  },
  {
    id: 'measured',
    header: 'Measured A',
    meta: { align: 'right' },
    accessorFn: ({ measuredA }) => measuredA,
    cell: ({ row: { original } }) => (original.measuredA === null ? '–' : fixed(original.measuredA, 1)),
  },
  {
    id: 'latency',
    header: 'Answered ms',
    meta: { align: 'right', from: 'medium' },
    accessorFn: ({ latencyMs }) => latencyMs,
    cell: ({ row: { original } }) => (original.latencyMs === null ? '–' : fixed(original.latencyMs, 0)),
  },
  {
    id: 'effect',
    header: 'Seen after s',
    meta: { align: 'right', from: 'wide' },
    accessorFn: ({ effectMs }) => effectMs,
    cell: ({ row: { original } }) => (original.effectMs === null ? '–' : fixed(original.effectMs / 1_000, 0)),
  },
  {
    id: 'reason',
    header: 'Why',
    meta: { wrap: true, from: 'wide' },
    enableSorting: false,
    cell: ({ row }) => row.original.reason ?? '–',
  },
]
