import { SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import type { LoadModelVersion, QuantileForecast } from '../../../../schemas/planning/own-forecast.ts'
import { TimeChart } from '../../../shared/chart/time-chart.tsx'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Facts, Section, Stack } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { count, kwDigits } from '../../../shared/format/power.ts'
import { dayAndTime, daySpanInWords, timeOfDay, utc } from '../../../shared/format/time.ts'
import { ownForecastQuery, type Place } from '../../forecast-queries.ts'
import {
  coverageInWords,
  errorInWords,
  inUseWords,
  isEmpty,
  type SpreadRow,
  spreadInWords,
  spreadRows,
  spreadSeries,
  spreadUnit,
} from './spread.ts'

/** The server’s own forecast of a place on a day: its spread as a chart or a table, and the model behind it. @param now ms; `null` on another day */
export function SpreadSection({ place, day, now }: { place: Place; day: string; now: number | null }) {
  const query = useQuery(ownForecastQuery(place, day))
  const [view, setView] = useState<'chart' | 'table'>('chart')
  return (
    <Section
      title="Forecast with its spread"
      actions={
        query.data &&
        !isEmpty(query.data) && (
          <SegmentedControl
            size="xs"
            aria-label="View of the forecast"
            value={view}
            onChange={(next) => setView(next === 'table' ? 'table' : 'chart')}
            data={[
              { value: 'chart', label: 'Chart' },
              { value: 'table', label: 'Table' },
            ]}
          />
        )
      }
    >
      <Loaded query={query}>
        {(forecast) => (
          <Stack>
            {forecast.reason !== null && forecast.p50W.length === 0 && (
              <p className="rm-secondary">{forecast.reason}</p>
            )}
            {!isEmpty(forecast) &&
              (view === 'table' ? <SpreadTable forecast={forecast} /> : <SpreadChart forecast={forecast} now={now} />)}
            <Facts
              items={[
                ['Forecast that counts', inUseWords[forecast.inUse]],
                ['Made', issuedInWords(forecast)],
                ...modelFacts(forecast.model),
              ]}
            />
            <p>
              <Link to="/load-models" search={{ kind: place.kind === 'connection' ? 'connection' : undefined }}>
                How accurate the forecasts of other places are
              </Link>
            </p>
          </Stack>
        )}
      </Loaded>
    </Section>
  )
}

function issuedInWords({ issuedAt, lead }: QuantileForecast): string {
  if (issuedAt === null) return 'not for this day'
  return `${dayAndTime(issuedAt)}, ${lead === 1 ? 'on the day itself' : 'the day before'}`
}

/** What a forecast was learnt from, and how it has fared. */
function modelFacts(model: LoadModelVersion | null): (readonly [string, string])[] {
  if (!model) return []
  const { accuracy } = model
  return [
    ['Learnt from', `${count(model.knownDays, 'known day')}, ${daySpanInWords(model.historyFrom, model.historyTo)}`],
    ['Weather', model.withWeather ? 'taken into account' : 'not known: it goes by the calendar'],
    ['Last trained', `${dayAndTime(model.trainedAt)}, version ${model.version}`],
    ['Accuracy', accuracy ? errorInWords(accuracy) : 'not known before the first outcome'],
    ...(accuracy ? [['Band', coverageInWords(accuracy)] as const] : []),
  ]
}

function SpreadChart({ forecast, now }: { forecast: QuantileForecast; now: number | null }) {
  const series = useMemo(() => spreadSeries(forecast), [forecast])
  return (
    <TimeChart
      tradingDay={forecast.tradingDay}
      summary={spreadInWords(forecast)}
      series={series}
      now={now}
      unit={spreadUnit(forecast).unit}
      height={240}
    />
  )
}

function powerColumn(id: string, header: string, of: (row: SpreadRow) => number | null): Column<SpreadRow> {
  return {
    id,
    header,
    meta: { align: 'right' },
    accessorFn: of,
    cell: ({ row }) => {
      const watts = of(row.original)
      return watts === null ? '–' : kwDigits(watts)
    },
  }
}

const columns: Column<SpreadRow>[] = [
  {
    id: 'at',
    header: 'Half-hour from',
    accessorFn: ({ at }) => at,
    cell: ({ row }) => <time title={utc(row.original.at)}>{timeOfDay(row.original.at)}</time>,
  },
  powerColumn('low', '9 of 10 over, kW', (row) => row.lowW),
  powerColumn('middle', 'Expected kW', (row) => row.middleW),
  powerColumn('high', '1 of 10 over, kW', (row) => row.highW),
  powerColumn('uploaded', 'Uploaded kW', (row) => row.uploadedW),
]

function SpreadTable({ forecast }: { forecast: QuantileForecast }) {
  const rows = useMemo(() => spreadRows(forecast), [forecast])
  return (
    <>
      <p>{spreadInWords(forecast)}</p>
      <DataTable
        label="Forecast by half-hour"
        rows={rows}
        columns={columns}
        rowKey={({ at }) => String(at)}
        empty="This day has no half-hours."
      />
    </>
  )
}
