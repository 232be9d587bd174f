import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { BaselineComparison } from '../../../../schemas/settlement/statements.ts'
import { TimeChart } from '../../../shared/chart/time-chart.tsx'
import { useNow, useToday } from '../../../shared/clock.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { DayPicker } from '../../../shared/components/day-picker.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { Nothing } from '../../../shared/components/notice.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { fixed, gbp, kwhDigits, percent } from '../../../shared/format/power.ts'
import { addDays, shortDay } from '../../../shared/format/time.ts'
import { flexibleUnitsQuery } from '../../queries.ts'
import { baselineAccuracyQuery, baselineComparisonQuery } from '../../settlement-queries.ts'
import {
  baselineInWords,
  baselineSeries,
  type Compared,
  chosenOf,
  comparedWords,
  dayEnergy,
  keyOf,
  moreThanInForce,
} from './baselines.ts'
import { SettlementTabs } from './tabs.tsx'

interface Row extends Compared {
  key: string
  baselineWh: number | null
  more: string | null
  bias: number | null
  mape: number | null
  tested: number
}

const columns: Column<Row>[] = [
  {
    id: 'method',
    header: 'Method',
    meta: { wrap: true },
    accessorFn: comparedWords,
    cell: ({ row: { original } }) => (
      <>
        {comparedWords(original)}
        {original.isInForce && (
          <>
            {' '}
            <Mark word="by contract" tone="normal" shape="tick" />
          </>
        )}
      </>
    ),
  },
  {
    id: 'energy',
    header: 'Baseline kWh',
    meta: { align: 'right', from: 'medium' },
    accessorFn: (row) => row.baselineWh,
    cell: ({ row }) => (row.original.baselineWh === null ? 'none' : kwhDigits(row.original.baselineWh)),
  },
  {
    id: 'delivered',
    header: 'Delivered kWh',
    meta: { align: 'right', from: 'medium' },
    accessorFn: (row) => row.deliveredWh,
    cell: ({ row }) => kwhDigits(row.original.deliveredWh),
  },
  {
    id: 'pays',
    header: 'Pays',
    meta: { align: 'right' },
    accessorFn: (row) => Number(row.amountGbp ?? 0),
    cell: ({ row: { original } }) =>
      original.amountGbp === null ? 'no contract' : <strong>{gbp(original.amountGbp)}</strong>,
  },
  {
    id: 'more',
    header: 'Difference from contract',
    meta: { align: 'right' },
    accessorFn: (row) => Number(row.more ?? 0),
    cell: ({ row: { original } }) =>
      original.more === null ? '–' : `${original.more.startsWith('-') ? '' : '+'}${gbp(original.more)}`,
  },
  {
    id: 'bias',
    header: 'Bias',
    meta: { align: 'right', from: 'wide' },
    accessorFn: (row) => row.bias,
    cell: ({ row }) => (row.original.bias === null ? '–' : percent(row.original.bias)),
  },
  {
    id: 'mape',
    header: 'Mean error',
    meta: { align: 'right', from: 'wide' },
    accessorFn: (row) => row.mape,
    cell: ({ row }) => (row.original.mape === null ? '–' : percent(row.original.mape)),
  },
  {
    id: 'tested',
    header: 'Days tested',
    meta: { align: 'right', from: 'wide' },
    accessorFn: (row) => row.tested,
    cell: ({ row }) => fixed(row.original.tested, 0),
  },
]

/** Baselines of an FU's day side by side: what each would pay, and how well it foretold days without events. */
export function Baselines() {
  const search = useSearch({ from: '/inside/baselines' })
  const navigate = useNavigate({ from: '/baselines' })
  const today = useToday()
  const day = search.day ?? today
  const units = useQuery(flexibleUnitsQuery)
  const fuId = search.fu ?? units.data?.[0]?.fuId
  return (
    <Page
      title="Settlement"
      subtitle="Baselines side by side"
      actions={
        <>
          <select
            className="rm-select"
            aria-label="FU"
            value={fuId ?? ''}
            onChange={(event) => {
              const fu = event.currentTarget.value
              void navigate({ search: (s) => ({ ...s, fu }) })
            }}
          >
            {(units.data ?? []).map((unit) => (
              <option key={unit.fuId} value={unit.fuId}>
                {unit.name}
              </option>
            ))}
          </select>
          <DayPicker
            day={day}
            today={today}
            onChange={(next) => void navigate({ search: (s) => ({ ...s, day: next === today ? undefined : next }) })}
          />
        </>
      }
    >
      <SettlementTabs />
      {units.isSuccess && !fuId && <Nothing>No FU has been registered yet: there is nothing to compare.</Nothing>}
      {fuId && <Comparison key={`${fuId} ${day}`} fuId={fuId} day={day} />}
    </Page>
  )
}

function Comparison({ fuId, day }: { fuId: string; day: string }) {
  const query = useQuery(baselineComparisonQuery(fuId, day))
  return <Loaded query={query}>{(comparison) => <Methods comparison={comparison} />}</Loaded>
}

function Methods({ comparison }: { comparison: BaselineComparison }) {
  const { fuId, tradingDay: day } = comparison
  const { method: asked } = useSearch({ from: '/inside/baselines' })
  const navigate = useNavigate({ from: '/baselines' })
  const accuracy = useQuery(baselineAccuracyQuery(fuId, addDays(day, -28), addDays(day, -1))).data
  const isToday = useToday() === day
  const minute = Math.floor(useNow() / 60_000) * 60_000
  const chosen = chosenOf(comparison, asked)
  const series = useMemo(() => baselineSeries(comparison, chosen), [comparison, chosen])
  const rows = comparison.methods.map((own): Row => {
    const tested = own.inDayAdjustment ? undefined : accuracy?.methods.find((each) => each.method === own.method)
    return {
      ...own,
      key: keyOf(own),
      baselineWh: dayEnergy(own.energyWh),
      more: moreThanInForce(comparison, own),
      bias: tested?.bias ?? null,
      mape: tested?.mape ?? null,
      tested: tested?.days ?? 0,
    }
  })
  return (
    <>
      <Section>
        <TimeChart
          tradingDay={day}
          summary={baselineInWords(comparison, chosen)}
          series={series}
          now={isToday ? minute : null}
          height={300}
        />
        {chosen && chosen.days.length > 0 && (
          <p className="rm-secondary">
            {chosen.isOutturn ? 'Too few comparable days: the baseline is what was metered. ' : ''}
            Based on {chosen.days.map(shortDay).join(', ')}.
          </p>
        )}
      </Section>
      <Section title="What each method would pay for this day" flush>
        <DataTable
          label="Methods"
          rows={rows}
          columns={columns}
          rowKey={(row) => row.key}
          selectedKey={chosen && keyOf(chosen)}
          onOpen={({ key }) => void navigate({ search: (s) => ({ ...s, method: key }) })}
          empty="No method has data for this day."
        />
      </Section>
      <p className="rm-secondary">
        All other terms of the contract as they are. Bias and mean error are of the 28 days before, without events.
        {comparison.contracts.length === 0 && ' This FU has no contract window on this day, so nothing is paid.'}
      </p>
    </>
  )
}
