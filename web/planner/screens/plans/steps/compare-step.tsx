import { useQueries, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { PlanComparison, PlanRun, PlanRunSummary } from '../../../../../schemas/planning/sites/runs.ts'
import { type Column, DataTable } from '../../../../shared/components/data-table.tsx'
import { Nothing } from '../../../../shared/components/notice.tsx'
import { Section, Stack } from '../../../../shared/components/page.tsx'
import { Loaded } from '../../../../shared/components/query.tsx'
import { fixed, gbp } from '../../../../shared/format/power.ts'
import { dayAndTime } from '../../../../shared/format/time.ts'
import type { Token } from '../../../../shared/theme.ts'
import { comparisonQuery, runQuery, runsQuery } from '../../../plan-queries.ts'
import styles from '../plan-page.module.css'
import { PlanPage, type StepProps } from '../plan-page.tsx'
import type { WeekLine } from '../week-series.ts'
import { WeekView } from '../week-view.tsx'
import { kva, newestOf, scenarioWords } from '../words.ts'

/** The most runs that stand side by side: what the server compares. */
const most = 10

/** The sixth step: the results side by side. */
export function CompareStep() {
  return (
    <PlanPage
      step="Compare"
      about="The results side by side: the capacity that each way of charging needs, and what it costs. Differences are to the first of them."
    >
      {(given) => <Content {...given} />}
    </PlanPage>
  )
}

function Content({ plan }: StepProps) {
  const runs = useQuery(runsQuery)
  return <Loaded query={runs}>{(all) => <Choice plan={plan} runs={all} />}</Loaded>
}

function Choice({ plan, runs }: { plan: StepProps['plan']; runs: readonly PlanRunSummary[] }) {
  const { runs: asked } = useSearch({ from: '/inside/plans/$planId/compare' })
  const navigate = useNavigate({ from: '/plans/$planId/compare' })
  const finished = runs.filter(({ state }) => state === 'finished')
  const usual = newestOf(runs, plan.assetId).map(({ runId }) => runId)
  const wanted = asked === undefined ? usual : asked.split(',')
  const chosen = wanted.filter((id) => finished.some(({ runId }) => runId === id)).slice(0, most)
  if (finished.length === 0)
    return (
      <Nothing>
        There is no result yet.{' '}
        <Link to="/plans/$planId/scenarios" params={{ planId: plan.assetId }}>
          Work out some scenarios
        </Link>{' '}
        first.
      </Nothing>
    )
  const choose = (ids: readonly string[]) => void navigate({ search: { runs: ids.join(',') }, replace: true })
  return (
    <>
      {chosen.length >= 2 ? (
        <Compared runIds={chosen} />
      ) : (
        <Nothing>Choose two results or more to compare them.</Nothing>
      )}
      <Section title="Results to compare">
        <ul className={styles.choices}>
          {finished.map(({ runId, name, scenario, finishedAt }) => (
            <li key={runId}>
              <label>
                <input
                  type="checkbox"
                  checked={chosen.includes(runId)}
                  disabled={!chosen.includes(runId) && chosen.length >= most}
                  onChange={(event) =>
                    choose(event.currentTarget.checked ? [...chosen, runId] : chosen.filter((id) => id !== runId))
                  }
                />{' '}
                {name}: {scenarioWords[scenario].name.toLowerCase()}
                {finishedAt && `, ${dayAndTime(finishedAt)}`}
              </label>
            </li>
          ))}
        </ul>
      </Section>
    </>
  )
}

type Line = PlanComparison['runs'][number]

/** An amount in whole pounds: pence say nothing where ways of charging are compared. */
function pounds(amount: string): string {
  return gbp(Number(amount).toFixed(0).replace(/^-0$/, '0'))
}

/** A figure with its difference to the first, where there is one. */
function withDifference(figure: string, difference: number, text: string): string {
  return difference === 0 ? figure : `${figure} (${difference > 0 ? '+' : ''}${text})`
}

function moneyColumn(
  id: string,
  header: string,
  of: (line: Line) => string,
  by: (line: Line) => string,
  from?: 'medium' | 'wide',
): Column<Line> {
  return {
    id,
    header,
    meta: { align: 'right', ...(from ? { from } : {}) },
    accessorFn: (line) => Number(of(line)),
    cell: ({ row: { original } }) => withDifference(pounds(of(original)), Number(by(original)), pounds(by(original))),
  }
}

/** The name of a result: that of its scenario, with its plan's where there are several. */
function nameColumn(lines: readonly Line[]): Column<Line> {
  const isOnePlan = new Set(lines.map(({ name }) => name)).size === 1
  return {
    id: 'name',
    header: 'Result',
    accessorFn: ({ name, scenario }) => {
      const what = scenarioWords[scenario].name
      return isOnePlan ? what : `${name}: ${what.toLowerCase()}`
    },
  }
}

const figures: Column<Line>[] = [
  {
    id: 'capacity',
    header: 'Needed kVA',
    meta: { align: 'right' },
    accessorFn: ({ capacityKva }) => capacityKva,
    cell: ({ row: { original } }) => {
      const { capacityKva, differsByFirst } = original
      const difference = differsByFirst.capacityKva
      return withDifference(fixed(capacityKva, 0), Math.round(difference), fixed(difference, 0))
    },
  },
  {
    id: 'enough',
    header: 'Is it agreed?',
    accessorFn: ({ extraKva }) => extraKva,
    cell: ({ row: { original } }) => {
      if (original.extraKva === null) return 'not known'
      return original.extraKva === 0 ? 'yes' : `${kva(Math.ceil(original.extraKva))} short`
    },
  },
  { id: 'peak', header: 'Highest load', meta: { from: 'wide' }, accessorFn: ({ peak }) => peak },
  moneyColumn(
    'charging',
    'Charging in a week',
    ({ chargingGbpPerWeek }) => chargingGbpPerWeek,
    ({ differsByFirst }) => differsByFirst.chargingGbpPerWeek,
  ),
  moneyColumn(
    'capital',
    'To buy',
    ({ capitalGbp }) => capitalGbp,
    ({ differsByFirst }) => differsByFirst.capitalGbp,
    'wide',
  ),
  moneyColumn(
    'total',
    'Over the years',
    ({ totalCostOfOwnershipGbp }) => totalCostOfOwnershipGbp,
    ({ differsByFirst }) => differsByFirst.totalCostOfOwnershipGbp,
    'medium',
  ),
  {
    id: 'impossible',
    header: 'Journeys lost',
    meta: { align: 'right' },
    accessorFn: ({ impossibleJourneys }) => impossibleJourneys,
  },
]

function Compared({ runIds }: { runIds: readonly string[] }) {
  const query = useQuery(comparisonQuery(runIds))
  return (
    <Loaded query={query}>
      {({ runs, explanation }) => (
        <>
          <Section title="Figures" flush>
            <DataTable
              label="Comparison"
              rows={runs}
              columns={[nameColumn(runs), ...figures]}
              rowKey={({ runId }) => runId}
              empty=""
            />
          </Section>
          <p className="rm-secondary">{explanation}</p>
          <Weeks runIds={runIds} />
        </>
      )}
    </Loaded>
  )
}

/** Lines that can be told apart; further ones repeat them dashed. */
const colours: readonly Token[] = ['accent', 'text', 'violet', 'amber', 'secondary']

/** The weeks of the runs in one chart. */
function Weeks({ runIds }: { runIds: readonly string[] }) {
  const queries = useQueries({ queries: runIds.map(runQuery) })
  const loaded = queries.flatMap(({ data }) => (data?.result ? [data] : []))
  const key = loaded.map(({ runId }) => runId).join()
  // biome-ignore lint/correctness/useExhaustiveDependencies: a finished run never changes, so its identifier stands for it
  const lines = useMemo(() => linesOf(loaded), [key])
  const peaks = loaded.map(
    ({ scenario, result }) => `${scenarioWords[scenario].name} ${fixed(result?.peakKw ?? 0, 0)} kW`,
  )
  if (loaded.length < runIds.length) return null
  return (
    <Section title="A typical week">
      <Stack>
        <WeekView label="Load of the site" summary={`Highest load: ${peaks.join(', ')}.`} lines={lines} />
      </Stack>
    </Section>
  )
}

function linesOf(runs: readonly PlanRun[]): WeekLine[] {
  const names = runs.map(({ name, scenario }) => {
    const plain = scenarioWords[scenario].name
    return runs.filter((other) => other.scenario === scenario).length > 1 ? `${plain} (${name})` : plain
  })
  return runs.map(({ result }, i) => {
    const [label, colour] = [names[i] ?? '', colours[i % colours.length] ?? 'accent']
    const isTaken = names.indexOf(label) < i
    return {
      label: isTaken ? `${label}, ${i + 1}` : label,
      colour,
      kw: result?.siteKw ?? [],
      dashed: i >= colours.length,
    }
  })
}
