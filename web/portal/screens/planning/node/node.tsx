import { SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import type { DemandRun } from '../../../../../schemas/planning/demand-runs.ts'
import { LinkButton } from '../../../../shared/components/link-button.tsx'
import { Mark } from '../../../../shared/components/mark.tsx'
import { Facts, Page, Section } from '../../../../shared/components/page.tsx'
import { Loaded } from '../../../../shared/components/query.tsx'
import { fixed, power } from '../../../../shared/format/power.ts'
import { demandRunQuery, runNodeQuery } from '../../../planning-queries.ts'
import { FirstYear, kindInWords } from '../node-columns.tsx'
import { confidenceWords, madeUp, nodeInWords } from '../words.ts'
import { Requirement } from './requirement.tsx'
import type { NodeYears } from './year-lines.ts'
import { YearsChart, YearsTable } from './years.tsx'

const address = '/inside/planning/runs/$runId/nodes/$nodeId'

/** A node of a run: its years, and what could be done about them. */
export function DemandNode() {
  const { runId, nodeId } = useParams({ from: address })
  const run = useQuery(demandRunQuery(runId))
  const node = useQuery(runNodeQuery(runId, nodeId))
  if (run.data && node.data) return <Content key={`${runId} ${nodeId}`} run={run.data} node={node.data} />
  return (
    <Page title="EV demand of a node" actions={<BackToRun runId={runId} />}>
      {run.data ? <Loaded query={node}>{() => null}</Loaded> : <Loaded query={run}>{() => null}</Loaded>}
    </Page>
  )
}

function BackToRun({ runId }: { runId: string }) {
  return (
    <LinkButton to="/planning/runs/$runId" params={{ runId }}>
      All nodes of the run
    </LinkButton>
  )
}

function Content({ run, node }: { run: DemandRun; node: NodeYears }) {
  const { view = 'chart' } = useSearch({ from: address })
  const navigate = useNavigate({ from: '/planning/runs/$runId/nodes/$nodeId' })
  const last = node.years.at(-1)?.year ?? 0
  return (
    <Page
      title={node.name}
      subtitle={
        <>
          EV demand by the run{' '}
          <Link to="/planning/runs/$runId" params={{ runId: run.runId }}>
            {run.title}
          </Link>
          {run.isSynthetic && (
            <>
              {' '}
              <Mark {...madeUp} />
            </>
          )}
        </>
      }
      actions={<BackToRun runId={run.runId} />}
    >
      <Section>
        <p>{nodeInWords(node, last)}</p>
        <NodeFacts node={node} />
      </Section>
      <Section
        title="By year"
        actions={
          <SegmentedControl
            size="xs"
            aria-label="View"
            value={view}
            onChange={(next) =>
              void navigate({
                search: (s) => ({ ...s, view: next === 'table' ? 'table' : undefined }),
                replace: true,
              })
            }
            data={[
              { value: 'chart', label: 'Chart' },
              { value: 'table', label: 'Table' },
            ]}
          />
        }
        flush={view === 'table'}
      >
        {view === 'table' ? <YearsTable node={node} /> : <YearsChart node={node} />}
      </Section>
      <Requirement run={run} node={node} />
    </Page>
  )
}

function NodeFacts({ node }: { node: NodeYears }) {
  const { nodeId, kind, rank, vehicles, confidence, percentiles } = node
  return (
    <Facts
      items={[
        [
          'Node',
          <Link key="node" to="/network/$nodeId" params={{ nodeId }}>
            {nodeId}
          </Link>,
        ],
        ['Kind', kindInWords(kind)],
        ['Rank', fixed(rank, 0)],
        ['First exceeded', <FirstYear key="first" node={node} />],
        ['Vehicles in the last year', fixed(vehicles, 0)],
        ['Confidence of the mapping', confidence ? confidenceWords[confidence] : 'that of the nodes below'],
        ...(percentiles
          ? [
              [
                'Peak of a winter weekday by chance',
                `${power(percentiles.p10W)} to ${power(percentiles.p90W)}, half of the time over ${power(percentiles.p50W)}`,
              ] as const,
            ]
          : []),
      ]}
    />
  )
}
