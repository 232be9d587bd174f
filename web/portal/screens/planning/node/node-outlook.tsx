import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { DemandRun } from '../../../../../schemas/planning/demand-runs.ts'
import { Mark } from '../../../../shared/components/mark.tsx'
import { Section } from '../../../../shared/components/page.tsx'
import { demandRunsQuery, runNodeQuery } from '../../../planning-queries.ts'
import { madeUp, nodeInWords } from '../words.ts'

/** What the latest run over the network expects of a node; nothing where there is none, or where it gives the node no demand. */
export function NodeOutlook({ nodeId }: { nodeId: string }) {
  const run = useQuery(demandRunsQuery).data?.find(({ kind, state }) => kind === 'network' && state === 'done')
  return run ? <Outlook run={run} nodeId={nodeId} /> : null
}

function Outlook({ run, nodeId }: { run: DemandRun; nodeId: string }) {
  const node = useQuery({ ...runNodeQuery(run.runId, nodeId), retry: false }).data
  if (!node) return null
  return (
    <Section title="EV demand by year">
      <p>{nodeInWords(node, node.years.at(-1)?.year ?? 0)}</p>
      <p>
        <Link to="/planning/runs/$runId/nodes/$nodeId" params={{ runId: run.runId, nodeId }}>
          By the run {run.title}
        </Link>{' '}
        {run.isSynthetic && <Mark {...madeUp} />}
      </p>
    </Section>
  )
}
