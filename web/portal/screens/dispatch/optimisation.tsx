import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { NodeResult, Optimisation, UnknownNode } from '../../../../schemas/dispatch/optimisation.ts'
import { operations } from '../../../../schemas/operations.ts'
import type { Product } from '../../../../schemas/vocabulary/units.ts'
import { api } from '../../../shared/api/client.ts'
import { DataTable } from '../../../shared/components/data-table.tsx'
import { Notice, ProblemNotice } from '../../../shared/components/notice.tsx'
import { Section } from '../../../shared/components/page.tsx'
import { count, fixed } from '../../../shared/format/power.ts'
import { dayAndTime } from '../../../shared/format/time.ts'
import { optimisationsQuery } from '../../dispatch-queries.ts'
import { useRefusal } from '../../session.ts'
import { NodeName } from '../network/node-name.tsx'
import { needColumns } from './need-columns.tsx'
import { nodeNeeds, unknownInWords } from './needs.ts'
import styles from './optimisation.module.css'

interface OptimisationProps {
  day: string
  product: Product
}

/** Optimises the day; what comes of it is each FU's optimised schedule. */
export function OptimiseButton({ day, product }: OptimisationProps) {
  const refusal = useRefusal('flexibility-engineer')
  const queries = useQueryClient()
  const run = useMutation({
    mutationFn: () => api.call(operations.optimise, { body: { tradingDay: day, product } }),
    onSettled: () =>
      queries.invalidateQueries({ predicate: ({ meta }) => meta?.topics?.includes('dispatch') ?? false }),
  })
  return (
    <>
      {run.isError && <ProblemNotice error={run.error} />}
      <Button
        disabled={refusal !== null}
        title={refusal ?? undefined}
        loading={run.isPending}
        onClick={() => run.mutate()}
      >
        Optimise the day
      </Button>
    </>
  )
}

const columns = needColumns(({ nodeId }) => <NodeName nodeId={nodeId} />)

/** The latest run over a day: each node's need, what is short, and what one more kW would cost. */
export function OptimisationResult({ day, product }: OptimisationProps) {
  const run = useQuery(optimisationsQuery(day, product)).data?.[0]
  if (!run) return null
  return (
    <Section title="Optimisation" flush>
      <p className={styles.run}>{runInWords(run, day)}</p>
      {run.unknown !== null && run.unknown.length > 0 && <Unknown nodes={run.unknown} />}
      <Nodes nodes={run.nodes} />
    </Section>
  )
}

/** Nodes that the run could not keep, because nobody knows whether they have a need. */
function Unknown({ nodes }: { nodes: readonly UnknownNode[] }) {
  return (
    <Notice tone="risk" title={`The need of ${count(nodes.length, 'node')} is not known`}>
      <ul style={{ margin: 0, paddingLeft: 16 }}>
        {nodes.map((node) => (
          <li key={node.nodeId}>{unknownInWords(node)}</li>
        ))}
      </ul>
    </Notice>
  )
}

function Nodes({ nodes }: { nodes: readonly NodeResult[] }) {
  const needs = useMemo(() => nodeNeeds(nodes), [nodes])
  return (
    <DataTable
      label="Needs by node"
      rows={needs}
      columns={columns}
      rowKey={(need) => need.nodeId}
      empty="No node with a forecast is expected to exceed its target level on this day."
    />
  )
}

/** How far from the best a run may be; exact ones need no word. */
export function proofInWords({ method, gap }: Pick<Optimisation, 'method' | 'gap'>): string {
  if (method === 'selection') return ''
  const share = `at most ${fixed(gap * 100, 1)} % more expensive than the best plan within all limits`
  return method === 'mixed-integer' ? `, ${share}` : `, without the solver, which did not answer in time: ${share}`
}

function runInWords(run: Optimisation, day: string): string {
  return `Run at ${dayAndTime(run.startedAt, day)} by ${run.startedBy} over ${count(run.units, 'FU')}${proofInWords(run)}.`
}
