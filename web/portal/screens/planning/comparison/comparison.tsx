import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { z } from 'zod'
import type { DemandRun, demandComparison } from '../../../../../schemas/planning/demand-runs.ts'
import { ApiProblem } from '../../../../shared/api/client.ts'
import { YearChart } from '../../../../shared/chart/year-chart.tsx'
import { type Column, DataTable } from '../../../../shared/components/data-table.tsx'
import { Notice } from '../../../../shared/components/notice.tsx'
import { Page, Section } from '../../../../shared/components/page.tsx'
import { Loaded } from '../../../../shared/components/query.tsx'
import { PanelFacts, PanelPart, SidePanel } from '../../../../shared/components/side-panel.tsx'
import { count, fixed, kwDigits, power } from '../../../../shared/format/power.ts'
import { demandRunsQuery, runComparisonQuery, runNodeQuery } from '../../../planning-queries.ts'
import { comparedSeries, type NodeYears, yearsUnit } from '../node/year-lines.ts'
import { FirstYear } from '../node-columns.tsx'
import styles from '../planning.module.css'
import { PlanningTabs } from '../tabs.tsx'
import { methodWords, networkRunOf } from '../words.ts'

type Compared = z.infer<typeof demandComparison>
type Row = Compared['items'][number]

const address = '/inside/planning/comparison'

/** Two runs over the network side by side, such as two methods: where they disagree most comes first, because there a visit pays. */
export function Comparison() {
  const query = useQuery(demandRunsQuery)
  return (
    <Loaded query={query}>
      {(runs) => <Content runs={runs.filter(({ kind, state }) => kind === 'network' && state === 'done')} />}
    </Loaded>
  )
}

function Content({ runs }: { runs: readonly DemandRun[] }) {
  const { one: chosenOne, other: chosenOther, node } = useSearch({ from: address })
  const navigate = useNavigate({ from: '/planning/comparison' })
  const one = runs.find(({ runId }) => runId === chosenOne) ?? runs[0]
  const rest = runs.filter((run) => run !== one)
  const other = rest.find(({ runId }) => runId === chosenOther) ?? rest[0]
  return (
    <Page
      title="Planning"
      subtitle="Two runs side by side"
      panel={
        node &&
        one &&
        other && (
          <NodePanel
            key={node}
            nodeId={node}
            one={one}
            other={other}
            onClose={() => void navigate({ search: (s) => ({ ...s, node: undefined }) })}
          />
        )
      }
    >
      <PlanningTabs />
      {(!one || !other) && (
        <Notice>
          Side by side needs two runs over the network that are done. Open one, choose “Start one like it”, and give it
          another method.
        </Notice>
      )}
      {one && other && (
        <>
          <Section>
            <div className={styles.sides}>
              <RunChoice label="First run" runs={runs} run={one} name="one" />
              <RunChoice label="Second run" runs={rest} run={other} name="other" />
            </div>
          </Section>
          <Disagreements one={one} other={other} />
        </>
      )}
    </Page>
  )
}

interface RunChoiceProps {
  label: string
  runs: readonly DemandRun[]
  run: DemandRun
  name: 'one' | 'other'
}

/** One side: which run, and by which method it was worked out. */
function RunChoice({ label, runs, run, name }: RunChoiceProps) {
  const navigate = useNavigate({ from: '/planning/comparison' })
  const record = networkRunOf(run)?.record
  return (
    <div>
      <label>
        <span className="rm-secondary">{label}</span>{' '}
        <select
          className="rm-select"
          value={run.runId}
          onChange={({ currentTarget: { value } }) =>
            void navigate({ search: (s) => ({ ...s, [name]: value, node: undefined }), replace: true })
          }
        >
          {runs.map(({ runId, title }) => (
            <option key={runId} value={runId}>
              {title}
            </option>
          ))}
        </select>
      </label>
      {record && (
        <p>
          {methodWords[record.method].word}. {methodWords[record.method].bias}
        </p>
      )}
    </div>
  )
}

function Disagreements({ one, other }: { one: DemandRun; other: DemandRun }) {
  const { node } = useSearch({ from: address })
  const navigate = useNavigate({ from: '/planning/comparison' })
  return (
    <Loaded query={useQuery(runComparisonQuery(one.runId, other.runId))}>
      {(compared) => (
        <Section title={comparedInWords(compared)} flush>
          <DataTable
            label="Where two runs disagree most"
            rows={compared.items}
            columns={columns}
            rowKey={({ nodeId }) => nodeId}
            selectedKey={node}
            onOpen={({ nodeId }) => void navigate({ search: (s) => ({ ...s, node: nodeId }) })}
            empty="Neither run has a node."
          />
          {compared.items.length < compared.nodes && (
            <p className={styles.cut}>The {fixed(compared.items.length, 0)} nodes on which they disagree most.</p>
          )}
        </Section>
      )}
    </Loaded>
  )
}

/** What two runs agree on, in a line. */
export function comparedInWords({ items, nodes, otherFirstYear }: Compared): string {
  const [most] = items
  if (!most || most.differenceW === 0) return `${count(nodes, 'node')}: both runs find the same peaks`
  const years =
    otherFirstYear === 0
      ? 'none is first exceeded in another year'
      : `${fixed(otherFirstYear, 0)} first exceeded in another year`
  return `${count(nodes, 'node')}: ${years}; at most ${power(most.differenceW)} apart, at ${most.name}`
}

type Side = 'one' | 'other'
const sideWords: Record<Side, string> = { one: 'First run', other: 'Second run' }

function sideColumns(side: Side): Column<Row>[] {
  return [
    {
      id: `${side}-year`,
      header: `${sideWords[side]} exceeded`,
      meta: { align: 'right' },
      accessorFn: (row) => row[side]?.firstYear ?? 9_999,
      cell: ({ row: { original } }) => {
        const found = original[side]
        return found === null ? 'not there' : <FirstYear node={found} />
      },
    },
    {
      id: `${side}-peak`,
      header: `${sideWords[side]} peak kW`,
      meta: { align: 'right', from: 'wide' },
      accessorFn: (row) => row[side]?.peakW ?? null,
      cell: ({ row: { original } }) => {
        const found = original[side]
        return found === null ? '–' : kwDigits(found.peakW)
      },
    },
  ]
}

const columns: Column<Row>[] = [
  { id: 'name', header: 'Node', accessorFn: (row) => row.name, cell: ({ row }) => row.original.name },
  ...sideColumns('one'),
  ...sideColumns('other'),
  {
    id: 'difference',
    header: 'Apart kW',
    meta: { align: 'right' },
    accessorFn: (row) => row.differenceW,
    cell: ({ row }) => kwDigits(row.original.differenceW),
  },
]

interface NodePanelProps {
  nodeId: string
  one: DemandRun
  other: DemandRun
  onClose: () => void
}

/** One node by both runs, year by year. */
function NodePanel({ nodeId, one, other, onClose }: NodePanelProps) {
  const [first, second] = [
    useQuery({ ...runNodeQuery(one.runId, nodeId), retry: false }),
    useQuery({ ...runNodeQuery(other.runId, nodeId), retry: false }),
  ]
  const [a, b] = [first.data ?? null, second.data ?? null]
  return (
    <SidePanel title={a?.name ?? b?.name ?? nodeId} onClose={onClose}>
      {(a || b) && (
        <PanelPart title="Least headroom by year">
          <BothYears one={a} other={b} />
        </PanelPart>
      )}
      <PanelPart>
        <PanelFacts
          items={[
            ['First run', <ToNode key="one" run={one} query={first} />],
            ['Second run', <ToNode key="other" run={other} query={second} />],
          ]}
        />
      </PanelPart>
    </SidePanel>
  )
}

function ToNode({ run, query: { data: node, error } }: { run: DemandRun; query: UseQueryResult<NodeYears, Error> }) {
  if (error instanceof ApiProblem && error.status === 404) return 'gives nothing to this node'
  if (error) return 'failed to load'
  if (!node) return '…'
  return (
    <Link to="/planning/runs/$runId/nodes/$nodeId" params={{ runId: run.runId, nodeId: node.nodeId }}>
      {node.firstYear === null ? (node.isKnown ? 'never exceeded' : 'not known') : `exceeded from ${node.firstYear}`}
    </Link>
  )
}

function BothYears({ one, other }: { one: NodeYears | null; other: NodeYears | null }) {
  const known = useMemo(() => [one, other].filter((each) => each !== null), [one, other])
  const series = useMemo(() => comparedSeries(one, other), [one, other])
  const years = known.flatMap((node) => node.years.map(({ year }) => year))
  if (!known.some(({ isKnown }) => isKnown)) return <p>The headroom of this node is not known.</p>
  return (
    <YearChart
      fromYear={Math.min(...years)}
      toYear={Math.max(...years)}
      summary={bothInWords(one, other)}
      series={series}
      unit={yearsUnit(...known).unit}
      height={220}
    />
  )
}

function bothInWords(one: NodeYears | null, other: NodeYears | null): string {
  const side = (node: NodeYears | null) =>
    !node?.isKnown
      ? 'has nothing known'
      : node.firstYear === null
        ? 'never exceeds it'
        : `exceeds it from ${node.firstYear}`
  return `The first run ${side(one)}, the second ${side(other)}.`
}
