import { useQueries, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { TimeChart } from '../../../shared/chart/time-chart.tsx'
import { useNow, useToday } from '../../../shared/clock.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { DayPicker } from '../../../shared/components/day-picker.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { fixed, kwhDigits, percent } from '../../../shared/format/power.ts'
import { addDays, shortDay } from '../../../shared/format/time.ts'
import { flexibleUnitsQuery } from '../../queries.ts'
import { baselineAccuracyQuery, baselineQuery, meteredDayQuery } from '../../settlement-queries.ts'
import { baselineInWords, baselineSeries, type ComparedMethod, comparedMethods, dayEnergy } from './baselines.ts'
import { SettlementTabs } from './tabs.tsx'
import { methodWords } from './words.ts'

interface Row {
  method: ComparedMethod
  energyWh: number | null
  days: readonly string[]
  bias: number | null
  mape: number | null
  tested: number
}

const columns: Column<Row>[] = [
  {
    id: 'method',
    header: 'Method',
    accessorFn: (row) => methodWords[row.method],
    cell: ({ row }) => methodWords[row.original.method],
  },
  {
    id: 'energy',
    header: 'Baseline kWh',
    meta: { align: 'right' },
    accessorFn: (row) => row.energyWh,
    cell: ({ row }) => (row.original.energyWh === null ? 'none' : kwhDigits(row.original.energyWh)),
  },
  {
    id: 'bias',
    header: 'Bias',
    meta: { align: 'right' },
    accessorFn: (row) => row.bias,
    cell: ({ row }) => (row.original.bias === null ? '–' : percent(row.original.bias)),
  },
  {
    id: 'mape',
    header: 'Mean error',
    meta: { align: 'right' },
    accessorFn: (row) => row.mape,
    cell: ({ row }) => (row.original.mape === null ? '–' : percent(row.original.mape)),
  },
  {
    id: 'tested',
    header: 'Days tested',
    meta: { align: 'right', from: 'medium' },
    accessorFn: (row) => row.tested,
    cell: ({ row }) => fixed(row.original.tested, 0),
  },
  {
    id: 'days',
    header: 'Made of',
    meta: { from: 'wide', wrap: true },
    accessorFn: (row) => row.days.length,
    cell: ({ row }) => row.original.days.map(shortDay).join(', ') || '–',
  },
]

/** Baselines of an FU's day side by side, with how well each method foretold days without events. */
export function Baselines() {
  const search = useSearch({ from: '/inside/baselines' })
  const navigate = useNavigate({ from: '/baselines' })
  const today = useToday()
  const day = search.day ?? today
  const units = useQuery(flexibleUnitsQuery).data ?? []
  const fuId = search.fu ?? units[0]?.fuId
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
            {units.map((unit) => (
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
      {fuId && <Comparison key={`${fuId} ${day}`} fuId={fuId} day={day} />}
    </Page>
  )
}

function Comparison({ fuId, day }: { fuId: string; day: string }) {
  const { method: chosen = 'recent-history' } = useSearch({ from: '/inside/baselines' })
  const navigate = useNavigate({ from: '/baselines' })
  const metered = useQuery(meteredDayQuery(fuId, day)).data
  const answers = useQueries({ queries: comparedMethods.map((method) => baselineQuery(fuId, day, method)) })
  const accuracy = useQuery(baselineAccuracyQuery(fuId, addDays(day, -28), addDays(day, -1))).data
  const isToday = useToday() === day
  const minute = Math.floor(useNow() / 60_000) * 60_000
  const baselines = useMemo(() => answers.flatMap((answer) => answer.data ?? []), [answers])
  const series = useMemo(() => baselineSeries(metered, baselines, chosen), [metered, baselines, chosen])
  const rows = comparedMethods.map((method): Row => {
    const own = baselines.find((each) => each.method === method)
    const tested = accuracy?.methods.find((each) => each.method === method)
    return {
      method,
      energyWh: dayEnergy(own?.periods ?? []),
      days: own?.days ?? [],
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
          summary={baselineInWords(
            metered,
            baselines.find((each) => each.method === chosen),
          )}
          series={series}
          now={isToday ? minute : null}
          height={300}
        />
      </Section>
      <Section title="Methods" flush>
        <DataTable
          label="Methods"
          rows={rows}
          columns={columns}
          rowKey={(row) => row.method}
          selectedKey={chosen}
          onOpen={({ method }) => void navigate({ search: (s) => ({ ...s, method }) })}
          empty=""
        />
      </Section>
    </>
  )
}
