import { SegmentedControl } from '@mantine/core'
import { useMemo, useState } from 'react'
import type { Assessment } from '../../../../schemas/grid/profiles.ts'
import { TimeChart } from '../../../shared/chart/time-chart.tsx'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Glyph } from '../../../shared/components/mark.tsx'
import { Notice } from '../../../shared/components/notice.tsx'
import { Section } from '../../../shared/components/page.tsx'
import { kwDigits } from '../../../shared/format/power.ts'
import { nodeKindWords, recordInWords } from '../network/words.ts'
import { cellSeries, dayOfCell } from './cells.ts'
import { backgroundWords, cellInWords, cellResult, missingInWords, seasonWords } from './words.ts'

type Cell = Assessment['cells'][number]
type Period = Cell['periods'][number]

/** An application held against every node up the tree: the verdict, each kind of day as chart and table, and the nodes. */
export function AssessmentView({ assessment }: { assessment: Assessment }) {
  const [chosen, setChosen] = useState(() => Math.max(0, assessment.cells.findIndex(hasExcess)))
  const [view, setView] = useState<'chart' | 'table'>('chart')
  const cell = assessment.cells[chosen]
  return (
    <>
      <Verdict assessment={assessment} />
      {cell && (
        <Section
          title="Half-hour by half-hour"
          flush={view === 'table'}
          actions={
            <>
              <select
                className="rm-select"
                aria-label="Kind of day"
                value={chosen}
                onChange={(event) => setChosen(Number(event.currentTarget.value))}
              >
                {assessment.cells.map((each, i) => (
                  <option key={cellInWords(each)} value={i}>
                    {cellInWords(each)}
                    {hasExcess(each) ? ' (does not fit)' : ''}
                  </option>
                ))}
              </select>
              <SegmentedControl
                size="xs"
                aria-label="View"
                value={view}
                onChange={(next) => setView(next === 'table' ? 'table' : 'chart')}
                data={[
                  { value: 'chart', label: 'Chart' },
                  { value: 'table', label: 'Table' },
                ]}
              />
            </>
          }
        >
          {view === 'chart' ? <CellChart cell={cell} /> : <CellTable cell={cell} nodes={assessment.nodes} />}
        </Section>
      )}
      <Section title="Nodes up the tree" flush>
        <DataTable
          label="Nodes up the tree"
          rows={assessment.nodes}
          columns={nodeColumns}
          rowKey={(node) => node.nodeId}
          empty="The connection is not fed from any node of the network."
        />
      </Section>
    </>
  )
}

/** Whether it fits, what does not, and what nobody knows. */
function Verdict({ assessment: { fits, refusals, missing } }: { assessment: Assessment }) {
  if (fits)
    return (
      <Notice title="It fits">Every node up the tree can carry it, at every half-hour of every kind of day.</Notice>
    )
  return (
    <>
      {refusals.length > 0 && (
        <Notice tone="risk" title="It does not fit">
          <List lines={refusals.map((refusal) => `${refusal.when}: ${refusal.message}`)} />
        </Notice>
      )}
      {missing.length > 0 && (
        <Notice tone="risk" title="Unknown for the nodes above">
          <List lines={missingInWords(missing)} />
          Without these figures the assessment is incomplete. Approval needs a stated assumption.
        </Notice>
      )}
    </>
  )
}

function List({ lines }: { lines: readonly string[] }) {
  return (
    <ul style={{ margin: 0, paddingLeft: 16 }}>
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  )
}

function hasExcess(cell: Cell): boolean {
  return cell.periods.some((period) => period.excessW > 0)
}

function CellChart({ cell }: { cell: Cell }) {
  const series = useMemo(() => cellSeries(cell), [cell])
  return <TimeChart tradingDay={dayOfCell(cell)} summary={cellResult(cell)} series={series} now={null} height={280} />
}

function CellTable({ cell, nodes }: { cell: Cell; nodes: Assessment['nodes'] }) {
  const columns = useMemo((): Column<Period>[] => {
    const nameOf = (nodeId: string | null) => nodes.find((node) => node.nodeId === nodeId)?.name ?? '–'
    const powers: [string, string, (period: Period) => number | null][] = [
      ['requested', 'Applied for kW', (period) => period.requestedW],
      ['present', 'Current kW', (period) => period.presentW],
      ['available', 'Available kW', (period) => period.availableW],
      ['excess', 'Too much kW', (period) => (period.excessW > 0 ? period.excessW : null)],
    ]
    return [
      { id: 'from', header: 'From', accessorFn: (period) => period.from, cell: ({ row }) => row.original.from },
      ...powers.map(
        ([id, header, of]): Column<Period> => ({
          id,
          header,
          meta: { align: 'right' },
          accessorFn: of,
          cell: ({ row }) => {
            const value = of(row.original)
            return (
              <>
                {id === 'excess' && value !== null && <Glyph shape="diamond" tone="risk" title="Does not fit" />}{' '}
                {value === null ? (id === 'available' ? atMost(row.original) : '–') : kwDigits(value)}
              </>
            )
          },
        }),
      ),
      {
        id: 'binding',
        header: 'Tightest node',
        meta: { from: 'medium' },
        accessorFn: (period) => nameOf(period.bindingNodeId),
        cell: ({ row }) => nameOf(row.original.bindingNodeId),
      },
    ]
  }, [nodes])
  return (
    <DataTable label="Assessment by half-hour" rows={cell.periods} columns={columns} rowKey={(p) => p.from} empty="" />
  )
}

/** What is known to be left at most where the load of some node is not known. */
function atMost({ requestedW, excessW }: Period): string {
  return excessW > 0 ? `at most ${kwDigits(requestedW - excessW)}` : 'not known'
}

type AssessedNode = Assessment['nodes'][number]

function capacity(id: string, header: string, of: (node: AssessedNode) => number | null): Column<AssessedNode> {
  return {
    id,
    header,
    meta: { align: 'right' },
    accessorFn: of,
    cell: ({ row }) => {
      const value = of(row.original)
      return value === null ? 'not known' : kwDigits(value, 0)
    },
  }
}

const nodeColumns: Column<AssessedNode>[] = [
  { id: 'name', header: 'Node', accessorFn: (node) => node.name, cell: ({ row }) => row.original.name },
  {
    id: 'kind',
    header: 'Kind',
    meta: { from: 'medium' },
    accessorFn: (node) => node.kind,
    cell: ({ row }) => nodeKindWords[row.original.kind],
  },
  capacity('winter', 'Winter capacity kW', (node) => node.capacityWinterW),
  capacity('summer', 'Summer capacity kW', (node) => node.capacitySummerW),
  {
    id: 'background',
    header: 'Background load from',
    meta: { from: 'medium' },
    accessorFn: (node) => node.background,
    cell: ({ row }) => backgroundWords[row.original.background],
  },
  {
    id: 'maxima',
    header: 'Highest demand on record',
    meta: { from: 'wide' },
    accessorFn: (node) => node.maxima.length,
    cell: ({ row }) =>
      row.original.maxima.map((each) => `${seasonWords[each.season]}: ${recordInWords(each)}`).join('; ') || 'none',
  },
]
