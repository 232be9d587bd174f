import { Button, SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { operations } from '../../../../../schemas/operations.ts'
import { baselineMethod } from '../../../../../schemas/settlement/baselines.ts'
import { addressOf } from '../../../../shared/api/client.ts'
import { TimeChart } from '../../../../shared/chart/time-chart.tsx'
import { useNow, useToday } from '../../../../shared/clock.ts'
import { DayPicker } from '../../../../shared/components/day-picker.tsx'
import { LinkButton } from '../../../../shared/components/link-button.tsx'
import { Nothing, ProblemNotice } from '../../../../shared/components/notice.tsx'
import { Page, Section } from '../../../../shared/components/page.tsx'
import { Loaded } from '../../../../shared/components/query.tsx'
import { addDays, shortDay } from '../../../../shared/format/time.ts'
import { flexibleUnitsQuery, fspsQuery } from '../../../queries.ts'
import { useOwnFsp } from '../../../session.ts'
import { baselineQuery, meteredDayQuery } from '../../../settlement-queries.ts'
import { methodWords } from '../../settlement/words.ts'
import { Completeness } from './completeness-section.tsx'
import { dayInWords, daySeries, quarterHoursOf } from './day.ts'
import { DayTable } from './day-table.tsx'
import { MeterPanel } from './meter-panel.tsx'
import { Meters } from './meters.tsx'
import { Reliability } from './reliability.tsx'
import { UploadReadings } from './upload-readings.tsx'

/** The methods of a baseline that need no contract. */
const methods = baselineMethod.exclude(['fixed-reference'])
type Method = (typeof methods.options)[number]

/** The meter data of one FU: a day against its baseline, its meters, how much is metered, and how reliable it was. */
export function MeteredUnit() {
  const { fuId } = useParams({ from: '/inside/metering/$fuId' })
  const { meter } = useSearch({ from: '/inside/metering/$fuId' })
  const navigate = useNavigate({ from: '/metering/$fuId' })
  const isFsp = useOwnFsp() !== null
  const units = useQuery(flexibleUnitsQuery)
  const fsps = useQuery(fspsQuery).data
  const unit = units.data?.find((each) => each.fuId === fuId)
  return (
    <Page
      title={unit?.name ?? 'Meter data'}
      subtitle={
        unit && `Meter data of an FU of ${fsps?.find(({ fspId }) => fspId === unit.fspId)?.companyName ?? 'an FSP'}`
      }
      actions={
        <>
          <LinkButton to="/metering">All FUs</LinkButton>
          {unit && (
            <LinkButton to="/market/units" search={{ fu: fuId }}>
              The FU
            </LinkButton>
          )}
        </>
      }
      panel={
        unit &&
        meter !== undefined && (
          <MeterPanel
            key={meter}
            unit={unit}
            meterId={meter}
            onClose={() => void navigate({ search: (s) => ({ ...s, meter: undefined }) })}
          />
        )
      }
    >
      <Loaded query={units}>
        {() =>
          unit ? (
            <>
              <Day fuId={fuId} />
              <Completeness fuId={fuId} fuName={unit.name} />
              <Meters unit={unit} />
              {isFsp && <UploadReadings fuId={fuId} />}
              <Reliability fuId={fuId} />
            </>
          ) : (
            <Nothing>There is no such FU.</Nothing>
          )
        }
      </Loaded>
    </Page>
  )
}

/** A day’s quarter-hours against a baseline, as a chart or as a table. Yesterday is the latest that can be whole. */
function Day({ fuId }: { fuId: string }) {
  const search = useSearch({ from: '/inside/metering/$fuId' })
  const navigate = useNavigate({ from: '/metering/$fuId' })
  const today = useToday()
  const yesterday = addDays(today, -1)
  const day = search.day ?? yesterday
  const method: Method = search.method ?? 'recent-history'
  const metered = useQuery(meteredDayQuery(fuId, day))
  const baseline = useQuery(baselineQuery(fuId, day, method))
  const rows = useMemo(
    () => (metered.data ? quarterHoursOf(metered.data, baseline.data) : []),
    [metered.data, baseline.data],
  )
  const set = (change: Partial<typeof search>) => void navigate({ search: (s) => ({ ...s, ...change }), replace: true })
  return (
    <Section
      title="The day"
      actions={
        <>
          <DayPicker day={day} today={today} onChange={(next) => set({ day: next === yesterday ? undefined : next })} />
          <select
            className="rm-select"
            aria-label="Baseline"
            value={method}
            onChange={(event) => {
              const next = methods.options.find((each) => each === event.currentTarget.value)
              set({ method: next === 'recent-history' ? undefined : next })
            }}
          >
            {methods.options.map((each) => (
              <option key={each} value={each}>
                {methodWords[each]}
              </option>
            ))}
          </select>
          <SegmentedControl
            size="xs"
            aria-label="View"
            value={search.view ?? 'chart'}
            onChange={(next) => set({ view: next === 'table' ? 'table' : undefined })}
            data={[
              { value: 'chart', label: 'Chart' },
              { value: 'table', label: 'Table' },
            ]}
          />
          <Evidence fuId={fuId} day={day} />
        </>
      }
    >
      {baseline.isError && <ProblemNotice error={baseline.error} onRetry={() => void baseline.refetch()} />}
      <Loaded query={metered}>
        {() =>
          search.view === 'table' ? (
            <DayTable rows={rows} />
          ) : (
            <DayChart day={day} rows={rows} label={`Baseline: ${methodWords[method]}`} />
          )
        }
      </Loaded>
      {baseline.data && baseline.data.days.length > 0 && (
        <p className="rm-secondary">The baseline averages {baseline.data.days.map(shortDay).join(', ')}.</p>
      )}
    </Section>
  )
}

function DayChart({ day, rows, label }: { day: string; rows: ReturnType<typeof quarterHoursOf>; label: string }) {
  const isToday = useToday() === day
  const minute = Math.floor(useNow() / 60_000) * 60_000
  const hasBaseline = rows.some(({ baselineWh }) => baselineWh !== null)
  const series = useMemo(() => daySeries(rows, hasBaseline ? label : null), [rows, hasBaseline, label])
  return <TimeChart tradingDay={day} summary={dayInWords(rows)} series={series} now={isToday ? minute : null} />
}

/** Longest span of readings that one file has, days. */
const evidenceDays = 31

/** Every reading behind the metered energy, with all revisions: the evidence in a dispute. */
function Evidence({ fuId, day }: { fuId: string; day: string }) {
  const query = { from: addDays(day, 1 - evidenceDays), to: day }
  return (
    <Button
      component="a"
      href={addressOf(operations.readMeterEvidence, { params: { id: fuId }, query })}
      download
      title={`Every reading of the ${evidenceDays} days until this one, meter by meter, with all revisions`}
    >
      Readings as CSV
    </Button>
  )
}
