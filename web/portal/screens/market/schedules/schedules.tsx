import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo, useRef } from 'react'
import type { SubmittedSchedule } from '../../../../../schemas/market/submissions.ts'
import { operations } from '../../../../../schemas/operations.ts'
import { addressOf, api } from '../../../../shared/api/client.ts'
import { TimeChart } from '../../../../shared/chart/time-chart.tsx'
import { useNow, useToday } from '../../../../shared/clock.ts'
import { type Column, DataTable } from '../../../../shared/components/data-table.tsx'
import { DayPicker } from '../../../../shared/components/day-picker.tsx'
import { Notice, ProblemNotice } from '../../../../shared/components/notice.tsx'
import { Page, Section } from '../../../../shared/components/page.tsx'
import { Loaded } from '../../../../shared/components/query.tsx'
import { SidePanel } from '../../../../shared/components/side-panel.tsx'
import { count, fixed } from '../../../../shared/format/power.ts'
import { dayAndTime, utc } from '../../../../shared/format/time.ts'
import { submissionsQuery } from '../../../dispatch-queries.ts'
import { flexibleUnitsQuery } from '../../../queries.ts'
import { useRefusal } from '../../../session.ts'
import { MarketTabs } from '../tabs.tsx'
import { submissionWords } from './submission-words.ts'
import { scheduleInWords, scheduleSeries } from './submissions.ts'
import { SubmitSchedule } from './submit-schedule.tsx'

interface Row extends SubmittedSchedule {
  key: string
  fuName: string
}

const columns: Column<Row>[] = [
  { id: 'fu', header: 'FU', accessorFn: (row) => row.fuName, cell: ({ row }) => row.original.fuName },
  {
    id: 'kind',
    header: 'Schedule',
    accessorFn: (row) => row.kind,
    cell: ({ row }) => submissionWords[row.original.kind].word,
  },
  {
    id: 'resolution',
    header: 'Periods',
    meta: { align: 'right', from: 'medium' },
    accessorFn: (row) => row.values.length,
    cell: ({ row: { original } }) => `${original.values.length} of ${original.resolution === 'PT15M' ? 15 : 30} min`,
  },
  {
    id: 'revision',
    header: 'Revision',
    meta: { align: 'right' },
    accessorFn: (row) => row.revision,
    cell: ({ row }) => fixed(row.original.revision, 0),
  },
  {
    id: 'submitted',
    header: 'Submitted',
    meta: { align: 'right', from: 'medium' },
    accessorFn: (row) => Date.parse(row.submittedAt),
    cell: ({ row: { original } }) => (
      <time title={utc(original.submittedAt)}>
        {dayAndTime(original.submittedAt)} by {original.submittedBy}
      </time>
    ),
  },
]

/** What FSPs have submitted for a day: baselines, costs, deviations, availability; and the upload for those who cannot call the API. */
export function Schedules() {
  const { day: asked, schedule } = useSearch({ from: '/inside/market/schedules' })
  const navigate = useNavigate({ from: '/market/schedules' })
  const today = useToday()
  const day = asked ?? today
  const query = useQuery(submissionsQuery(day))
  const units = useQuery(flexibleUnitsQuery).data
  const rows = useMemo(
    () =>
      (query.data ?? []).map((each) => ({
        ...each,
        key: `${each.fuId} ${each.kind}`,
        fuName: units?.find((unit) => unit.fuId === each.fuId)?.name ?? each.fuId,
      })),
    [query.data, units],
  )
  const open = rows.find((row) => row.key === schedule)
  return (
    <Page
      title="Market"
      subtitle={query.data && count(query.data.length, 'submitted schedule')}
      actions={
        <>
          <DayPicker
            day={day}
            today={today}
            onChange={(next) => void navigate({ search: { day: next === today ? undefined : next } })}
          />
          <Button component="a" href={addressOf(operations.downloadSchedules, { query: { day } })} download>
            Download CSV
          </Button>
        </>
      }
      panel={open && <SchedulePanel row={open} onClose={() => void navigate({ search: { day: asked } })} />}
    >
      <MarketTabs />
      <Upload day={day} />
      <Loaded query={query}>
        {() => (
          <Section flush>
            <DataTable
              label="Submitted schedules"
              rows={rows}
              columns={columns}
              rowKey={(row) => row.key}
              selectedKey={schedule}
              onOpen={({ key }) => void navigate({ search: { day: asked, schedule: key } })}
              empty="No schedule has been submitted for this day."
            />
          </Section>
        )}
      </Loaded>
    </Page>
  )
}

/** Uploads a CSV file of schedules: the whole file is accepted, or none of it. */
function Upload({ day }: { day: string }) {
  const input = useRef<HTMLInputElement>(null)
  const queries = useQueryClient()
  const refusal = useRefusal('flexibility-engineer', 'fsp-user')
  const upload = useMutation({
    mutationFn: (file: File) => api.call(operations.uploadSchedules, { body: file }),
    onSettled: () => queries.invalidateQueries({ predicate: ({ meta }) => meta?.topics?.includes('market') ?? false }),
  })
  return (
    <>
      <div style={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: 12 }}>
        <input
          ref={input}
          type="file"
          accept=".csv,text/csv"
          className="rm-sr-only"
          tabIndex={-1}
          aria-label="Schedule file"
          onChange={(event) => {
            const [file] = event.currentTarget.files ?? []
            if (file) upload.mutate(file)
            event.currentTarget.value = ''
          }}
        />
        <Button
          disabled={refusal !== null}
          title={refusal ?? undefined}
          loading={upload.isPending}
          onClick={() => input.current?.click()}
        >
          Upload schedules
        </Button>
        <SubmitSchedule day={day} />
        <span className="rm-secondary">
          A CSV file as the download has it; the whole file is accepted, or none of it.
        </span>
      </div>
      {upload.isError && <ProblemNotice error={upload.error} />}
      {upload.data && (
        <Notice>
          {count(upload.data.accepted, 'schedule')} taken, {fixed(upload.data.unchanged, 0)} unchanged.
        </Notice>
      )}
    </>
  )
}

function SchedulePanel({ row, onClose }: { row: Row; onClose: () => void }) {
  const series = useMemo(() => scheduleSeries(row), [row])
  const minute = Math.floor(useNow() / 60_000) * 60_000
  const isToday = useToday() === row.tradingDay
  return (
    <SidePanel title={`${row.fuName}: ${submissionWords[row.kind].word.toLowerCase()}`} onClose={onClose}>
      <TimeChart
        tradingDay={row.tradingDay}
        summary={scheduleInWords(row)}
        series={series}
        now={isToday ? minute : null}
        unit={submissionWords[row.kind].unit}
        height={200}
      />
    </SidePanel>
  )
}
