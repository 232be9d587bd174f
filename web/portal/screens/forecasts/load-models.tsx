import { SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import type { z } from 'zod'
import type { ForecastAccuracy, ForecastRun, placeAccuracy } from '../../../../schemas/planning/own-forecast.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Notice } from '../../../shared/components/notice.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { count, fixed, kwDigits, percent } from '../../../shared/format/power.ts'
import { dayAndTime, dayInWords } from '../../../shared/format/time.ts'
import { forecastRunQuery, loadModelsQuery, shownModels } from '../../forecast-queries.ts'
import { NetworkTabs } from '../network/tabs.tsx'

type PlaceModel = z.infer<typeof placeAccuracy>

const columns: Column<PlaceModel>[] = [
  {
    id: 'name',
    header: 'Place',
    accessorFn: ({ name }) => name,
    cell: ({ row: { original } }) =>
      original.kind === 'node' ? (
        <Link to="/network/$nodeId" params={{ nodeId: original.id }}>
          {original.name}
        </Link>
      ) : (
        <Link to="/connections/$connectionId" params={{ connectionId: original.id }}>
          {original.name}
        </Link>
      ),
  },
  accuracyColumn('mae', 'Off by kW', ({ maeW }) => maeW, kwDigits),
  accuracyColumn('week', 'Last week’s load off by kW', ({ maeLastWeekW }) => maeLastWeekW, kwDigits, 'medium'),
  accuracyColumn(
    'coverage',
    'Within the band',
    ({ coverage }) => coverage,
    (share) => percent(share, 0),
  ),
  accuracyColumn(
    'days',
    'Days compared',
    ({ days }) => days,
    (days) => fixed(days, 0),
    'medium',
  ),
  {
    id: 'known',
    header: 'Days learnt from',
    meta: { align: 'right', from: 'medium' },
    accessorFn: ({ model }) => model.knownDays,
    cell: ({ row }) => fixed(row.original.model.knownDays, 0),
  },
  {
    id: 'weather',
    header: 'Weather',
    meta: { from: 'wide' },
    accessorFn: ({ model }) => Number(model.withWeather),
    cell: ({ row }) => (row.original.model.withWeather ? 'yes' : 'no'),
  },
  {
    id: 'trained',
    header: 'Last trained',
    meta: { align: 'right', from: 'wide' },
    accessorFn: ({ model }) => model.trainedAt,
    cell: ({ row }) => dayAndTime(row.original.model.trainedAt),
  },
]

/** A figure of an accuracy; a dash until the first forecast has its outcome. */
function accuracyColumn(
  id: string,
  header: string,
  of: (accuracy: ForecastAccuracy) => number | null,
  text: (value: number) => string,
  from?: 'medium',
): Column<PlaceModel> {
  const figureOf = ({ model: { accuracy } }: PlaceModel) => (accuracy ? of(accuracy) : null)
  return {
    id,
    header,
    meta: { align: 'right', ...(from ? { from } : {}) },
    accessorFn: figureOf,
    cell: ({ row }) => {
      const value = figureOf(row.original)
      return value === null ? '–' : text(value)
    },
  }
}

/** The models behind the server’s own forecasts, the least accurate first, and how the last nightly run went. */
export function LoadModels() {
  const { kind = 'node' } = useSearch({ from: '/inside/load-models' })
  const navigate = useNavigate({ from: '/load-models' })
  const run = useQuery(forecastRunQuery)
  const query = useQuery(loadModelsQuery(kind))
  return (
    <Page title="Network">
      <NetworkTabs />
      <Loaded query={run}>{(latest) => <Notice tone={runTone(latest)}>{runInWords(latest)}</Notice>}</Loaded>
      <Section
        flush
        title="Forecasts of the server’s own, the least accurate first"
        actions={
          <SegmentedControl
            size="xs"
            aria-label="Places"
            value={kind}
            onChange={(next) =>
              void navigate({ search: { kind: next === 'connection' ? 'connection' : undefined }, replace: true })
            }
            data={[
              { value: 'node', label: 'Nodes' },
              { value: 'connection', label: 'Connections' },
            ]}
          />
        }
      >
        <Loaded query={query}>
          {({ items, nextCursor }) => (
            <>
              <DataTable
                label={kind === 'node' ? 'Forecasts of nodes' : 'Forecasts of connections'}
                rows={items}
                columns={columns}
                rowKey={({ id }) => id}
                empty="No place has enough history for a forecast yet: upload load history, or wait until enough days are measured."
              />
              {nextCursor !== null && (
                <p className="rm-secondary">These are the {fixed(shownModels, 0)} least accurate of more.</p>
              )}
            </>
          )}
        </Loaded>
      </Section>
    </Page>
  )
}

/** How the last run over all places went, in words. */
function runInWords(run: ForecastRun | null): string {
  if (!run) return 'No nightly run has made forecasts yet; the first one comes after midnight.'
  const day = dayInWords(run.tradingDay)
  if (run.finishedAt === null) return `The run for ${day} began at ${dayAndTime(run.startedAt)} and is under way.`
  const issued = `${count(run.issued, 'place')} got a forecast for ${day} and the next day`
  const without = run.withoutHistory === 0 ? '' : `; ${count(run.withoutHistory, 'place')} had too little history`
  const failed = run.failed === 0 ? '' : `; ${count(run.failed, 'place')} failed and keep their earlier forecasts`
  return `${issued}${without}${failed}. Finished at ${dayAndTime(run.finishedAt)}.`
}

function runTone(run: ForecastRun | null): 'fault' | 'normal' {
  return run !== null && run.failed > 0 ? 'fault' : 'normal'
}
