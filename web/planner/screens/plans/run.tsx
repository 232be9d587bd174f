import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useMemo } from 'react'
import { operations } from '../../../../schemas/operations.ts'
import type { PlanInput, PlanResult } from '../../../../schemas/planning/sites/plan.ts'
import type { PlanRun } from '../../../../schemas/planning/sites/runs.ts'
import { addressOf } from '../../../shared/api/client.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { LinkButton } from '../../../shared/components/link-button.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { Notice } from '../../../shared/components/notice.tsx'
import { Facts, Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { fixed, gbp } from '../../../shared/format/power.ts'
import { runQuery } from '../../plan-queries.ts'
import { Impossible } from './impossible.tsx'
import styles from './plan-page.module.css'
import { WeekView } from './week-view.tsx'
import { capacityInWords, dayNames, kva, kwOf, runWords, scenarioWords } from './words.ts'

/** What came of a scenario: what is needed, what it costs, and the typical week. */
export function RunPage() {
  const { planId, runId } = useParams({ from: '/inside/plans/$planId/runs/$runId' })
  const query = useQuery(runQuery(runId))
  return (
    <Page
      title={query.data ? `${query.data.name}: ${scenarioWords[query.data.scenario].name.toLowerCase()}` : 'Result'}
      subtitle={query.data && scenarioWords[query.data.scenario].what}
      actions={
        <>
          <LinkButton to="/plans/$planId/scenarios" params={{ planId }}>
            Back to the scenarios
          </LinkButton>
          <LinkButton to="/plans/$planId/apply" params={{ planId }} search={{ run: runId }}>
            Apply with this result
          </LinkButton>
        </>
      }
    >
      <Loaded query={query}>
        {(run) => (run.result ? <Result run={run} result={run.result} /> : <Pending run={run} />)}
      </Loaded>
    </Page>
  )
}

function Pending({ run: { state, failure } }: { run: PlanRun }) {
  return (
    <Notice tone={runWords[state].tone}>
      <Mark {...runWords[state]} /> {failure}
    </Notice>
  )
}

function Result({ run, result }: { run: PlanRun; result: PlanResult }) {
  const call = { params: { id: run.runId } }
  return (
    <>
      <Notice tone={result.extraKva === null ? 'doubt' : result.extraKva > 0 ? 'risk' : 'normal'}>
        {capacityInWords(result)} The highest load is {kwOf(result.peakKw)}, on {dayNames[result.peakDay]} at{' '}
        {result.peakFrom}.
      </Notice>
      <Impossible journeys={result.impossible} />
      <Section
        title="A typical week"
        actions={
          <>
            <a href={addressOf(operations.exportPlanRun, call)}>Week (CSV)</a>
            <a href={addressOf(operations.exportPlanRunPdf, call)}>Summary (PDF)</a>
          </>
        }
      >
        <Week input={run.input} result={result} />
      </Section>
      <Needs result={result} />
      <Money result={result} />
      <Vehicles result={result} />
      {result.notes.length > 0 && (
        <Section title="What to know about this result">
          <ul className={styles.list}>
            {result.notes.map(({ text }) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </Section>
      )}
    </>
  )
}

function Week({ input, result }: { input: PlanInput; result: PlanResult }) {
  const { siteKw, backgroundKw, peakKw, chargingPeakKw } = result
  const lines = useMemo(
    () => [
      { label: 'Site with vehicles', colour: 'accent' as const, kw: siteKw },
      { label: 'Without vehicles', colour: 'secondary' as const, kw: backgroundKw, dashed: true },
    ],
    [siteKw, backgroundKw],
  )
  return (
    <WeekView
      label="Load of the site"
      summary={`With vehicles the site takes at most ${kwOf(peakKw)}; the vehicles alone at most ${kwOf(chargingPeakKw)}.`}
      lines={lines}
      capacityKw={input.ascKva === null ? null : input.ascKva * input.powerFactor}
    />
  )
}

/** What has to be there: capacity, charge points and their use. */
function Needs({ result }: { result: PlanResult }) {
  const { capacityKva, extraKva, chargedKwh, missingAtEndKwh, excessKw, search } = result
  return (
    <>
      <Section title="What is needed">
        <Facts
          items={[
            ['Capacity', kva(Math.ceil(capacityKva))],
            [
              'More than agreed',
              extraKva === null ? 'not known' : extraKva === 0 ? 'nothing' : kva(Math.ceil(extraKva)),
            ],
            ['Charged in the week', `${fixed(chargedKwh, 0)}\u00a0kWh`],
            [
              'Missing at the end of the week',
              missingAtEndKwh === 0 ? 'nothing' : `${fixed(missingAtEndKwh, 1)}\u00a0kWh`,
            ],
            ['Over the limits', excessKw === 0 ? 'nothing' : kwOf(excessKw)],
          ]}
        />
      </Section>
      <Section title="Charge points" flush>
        <DataTable
          label="Charge points"
          rows={result.infrastructure}
          columns={pointColumns}
          rowKey={({ name }) => name}
          empty="This scenario has no charge points."
        />
      </Section>
      {search && <Found search={search} />}
    </>
  )
}

type Point = PlanResult['infrastructure'][number]
const pointColumns: Column<Point>[] = [
  { id: 'name', header: 'Type', accessorFn: ({ name }) => name },
  { id: 'count', header: 'Charge points', meta: { align: 'right' }, accessorFn: ({ count }) => count },
  { id: 'sockets', header: 'Sockets', meta: { align: 'right' }, accessorFn: ({ sockets }) => sockets },
  { id: 'used', header: 'In use at most', meta: { align: 'right' }, accessorFn: ({ inUseAtMost }) => inUseAtMost },
  {
    id: 'peak',
    header: 'Together at most kW',
    meta: { align: 'right', from: 'medium' },
    accessorFn: ({ peakKw }) => peakKw,
    cell: ({ row }) => fixed(row.original.peakKw, 1),
  },
]

type Search = NonNullable<PlanResult['search']>
type Way = Search['best'][number]
const mixOf = ({ chargePoints }: Way) => chargePoints.map(({ name, count }) => `${count} × ${name}`).join(', ')
const wayColumns: Column<Way>[] = [
  { id: 'mix', header: 'Charge points', meta: { wrap: true }, accessorFn: mixOf },
  {
    id: 'kva',
    header: 'Capacity kVA',
    meta: { align: 'right' },
    accessorFn: ({ capacityKva }) => capacityKva,
    cell: ({ row }) => fixed(Math.ceil(row.original.capacityKva), 0),
  },
  {
    id: 'cost',
    header: 'Cost over the years',
    meta: { align: 'right' },
    accessorFn: ({ totalCostOfOwnershipGbp }) => Number(totalCostOfOwnershipGbp),
    cell: ({ row }) => gbp(row.original.totalCostOfOwnershipGbp),
  },
  {
    id: 'impossible',
    header: 'Journeys lost',
    meta: { align: 'right' },
    accessorFn: ({ impossibleJourneys }) => impossibleJourneys,
  },
]

/** What a search for charge points found, the best first. */
function Found({ search }: { search: Search }) {
  return (
    <Section title={`Best of ${search.tried} ways to choose charge points`} flush>
      <DataTable
        label="Best charge points"
        rows={search.best}
        columns={wayColumns}
        rowKey={(way) => `${mixOf(way)} ${way.groups.map(({ chargePoint }) => chargePoint).join()}`}
        empty="Nothing fits into the space of the site: the result is the plan as it was entered."
      />
    </Section>
  )
}

function Money({ result: { money } }: { result: PlanResult }) {
  const {
    capital,
    runningPerYear,
    chargingGbpPerWeek,
    years,
    totalCostOfOwnershipGbp,
    savingGbpPerYear,
    paybackYears,
  } = money
  return (
    <Section title="What it costs">
      <Facts
        items={[
          ['Charging in a week', gbp(chargingGbpPerWeek)],
          ['To buy: vehicles', gbp(capital.vehiclesGbp)],
          ['To buy: charge points', gbp(capital.chargePointsGbp)],
          ['To pay for the connection', gbp(capital.connectionGbp)],
          ['Solar panels and battery', gbp(capital.solarAndBatteryGbp)],
          ['All at the start', gbp(capital.totalGbp)],
          ['Energy in a year', gbp(runningPerYear.energyGbp)],
          ['Maintenance in a year', gbp(runningPerYear.maintenanceGbp)],
          ['Capacity in a year', gbp(runningPerYear.capacityGbp)],
          [`Everything over ${years} years`, gbp(totalCostOfOwnershipGbp)],
          ['Saving in a year', savingGbpPerYear === null ? 'not compared' : gbp(savingGbpPerYear)],
          ['Paid back after', paybackYears === null ? 'not known, or never' : `${fixed(paybackYears, 1)} years`],
        ]}
      />
    </Section>
  )
}

type Group = PlanResult['groups'][number]
const groupColumns: Column<Group>[] = [
  { id: 'name', header: 'Group', accessorFn: ({ name }) => name },
  {
    id: 'charged',
    header: 'Charged in the week kWh',
    meta: { align: 'right' },
    accessorFn: ({ chargedKwh }) => chargedKwh,
    cell: ({ row }) => fixed(row.original.chargedKwh, 0),
  },
  {
    id: 'driven',
    header: 'Driven in the week kWh',
    meta: { align: 'right' },
    accessorFn: ({ drivenKwh }) => drivenKwh,
    cell: ({ row }) => fixed(row.original.drivenKwh, 0),
  },
]

function Vehicles({ result }: { result: PlanResult }) {
  return (
    <Section title="Vehicles" flush>
      <DataTable
        label="Vehicles"
        rows={result.groups}
        columns={groupColumns}
        rowKey={({ name }) => name}
        empty="This scenario has no vehicles."
      />
    </Section>
  )
}
