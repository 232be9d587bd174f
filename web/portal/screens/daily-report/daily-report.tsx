import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import type { DailyReport as Report } from '../../../../schemas/settlement/daily-report.ts'
import { useToday } from '../../../shared/clock.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Notice } from '../../../shared/components/notice.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { Totals } from '../../../shared/components/totals.tsx'
import { count, energy, fixed, gbp, kw, kwhDigits } from '../../../shared/format/power.ts'
import { addDays, dayAndTime, dayInWords } from '../../../shared/format/time.ts'
import { dailyReportQuery } from '../../settlement-queries.ts'

/** What happened on a day that is over: feeds, hubs, alarms, breaches, dispatch and money. */
export function DailyReport() {
  const yesterday = addDays(useToday(), -1)
  const { day = yesterday } = useSearch({ from: '/inside/daily-report' })
  const navigate = useNavigate({ from: '/daily-report' })
  return (
    <Page
      title="Daily report"
      subtitle={dayInWords(day)}
      actions={
        <input
          type="date"
          className="rm-select"
          aria-label="Day"
          value={day}
          max={yesterday}
          onChange={(event) =>
            event.currentTarget.value && void navigate({ search: { day: event.currentTarget.value } })
          }
        />
      }
    >
      <Loaded query={useQuery(dailyReportQuery(day))}>{(report) => <Content report={report} />}</Loaded>
    </Page>
  )
}

function Content({ report }: { report: Report }) {
  const { feeds, hubs, alarms, breaches, dispatch, money, totalGbp } = report
  const failed = dispatch.reduce((sum, each) => sum + each.refused + each.unknown + each.missed, 0)
  const standing = Object.values(alarms.standing).reduce((sum, n) => sum + n, 0)
  return (
    <>
      <Seen report={report} failed={failed} />
      <Totals
        items={[
          { term: 'Breaches begun', value: fixed(breaches.begun, 0) },
          { term: 'Alarms raised', value: fixed(alarms.raised, 0) },
          { term: 'Alarms standing now', value: <Link to="/alarms">{fixed(standing, 0)}</Link> },
          { term: 'Hubs silent now', value: <Link to="/hubs">{`${hubs.silent} of ${hubs.registered}`}</Link> },
          {
            term: 'Feeds silent now',
            value: <Link to="/feeds">{`${feeds.silent.length} of ${feeds.registered}`}</Link>,
          },
          { term: 'Worth, by what is known', value: gbp(totalGbp) },
        ]}
      />
      <Section title="Dispatch" flush>
        <DataTable
          label="Dispatch by product"
          rows={dispatch}
          columns={dispatchColumns}
          rowKey={({ product }) => product}
          empty="There is no product."
        />
      </Section>
      <Section title="Worth of the day, an estimate until the month is settled" flush>
        <DataTable
          label="Worth by FSP and product"
          rows={money}
          columns={moneyColumns}
          rowKey={({ fspId, product }) => `${fspId} ${product}`}
          empty="Nothing was contracted on this day."
        />
      </Section>
      <Section title="Breaches" flush>
        <DataTable
          label="Breaches by connection"
          rows={breaches.worst}
          columns={breachColumns}
          rowKey={({ connectionId }) => connectionId}
          empty="No limit was exceeded."
        />
      </Section>
      <Section title="Alarms that nobody has acknowledged" flush>
        <DataTable
          label="Alarms that nobody has acknowledged"
          rows={alarms.unacknowledged}
          columns={alarmColumns}
          rowKey={({ raisedAt, message }) => `${raisedAt} ${message}`}
          empty="Every standing alarm has been acknowledged."
        />
      </Section>
    </>
  )
}

/** What of the day somebody has to look at. */
function Seen({ report: { alarms, breaches, feeds, hubs }, failed }: { report: Report; failed: number }) {
  const parts = [
    alarms.unacknowledged.length > 0 && 'alarms wait to be acknowledged',
    breaches.begun > 0 && count(breaches.begun, 'breach', 'breaches'),
    failed > 0 && `${count(failed, 'instruction')} failed`,
    hubs.silent > 0 && `silent hubs: ${named(hubs.silentNames, hubs.silent)}`,
    feeds.silent.length > 0 && `silent feeds: ${named(feeds.silent, feeds.silent.length)}`,
    feeds.refused > 0 && `${count(feeds.refused, 'delivery', 'deliveries')} of feeds refused`,
  ].filter((part) => part !== false)
  if (parts.length === 0) return <Notice tone="normal">Nothing of this day asks for attention.</Notice>
  return <Notice tone="risk">{`To look at: ${parts.join('; ')}.`}</Notice>
}

function named(names: readonly string[], all: number): string {
  return `${names.join(', ')}${all > names.length ? ` and ${all - names.length} more` : ''}`
}

type Dispatch = Report['dispatch'][number]

const counted = (
  id: Exclude<keyof Dispatch, 'product'>,
  header: string,
  from?: 'medium' | 'wide',
): Column<Dispatch> => ({
  id,
  header,
  meta: { align: 'right', ...(from ? { from } : {}) },
  accessorFn: (row) => row[id],
  cell: ({ row }) => fixed(row.original[id], 0),
})

const dispatchColumns: Column<Dispatch>[] = [
  { id: 'product', header: 'Product', accessorFn: ({ product }) => product, cell: ({ row }) => row.original.product },
  counted('due', 'Due'),
  counted('issued', 'Issued'),
  counted('acknowledged', 'Acknowledged', 'medium'),
  counted('refused', 'Refused', 'medium'),
  counted('unknown', 'No answer', 'wide'),
  counted('missed', 'Missed'),
  counted('stopped', 'Stopped', 'wide'),
]

type Worth = Report['money'][number]

const moneyColumns: Column<Worth>[] = [
  { id: 'fsp', header: 'FSP', accessorFn: ({ fspName }) => fspName, cell: ({ row }) => row.original.fspName },
  { id: 'product', header: 'Product', accessorFn: ({ product }) => product, cell: ({ row }) => row.original.product },
  {
    id: 'instructed',
    header: 'Instructed',
    meta: { align: 'right', from: 'medium' },
    accessorFn: ({ instructedWh }) => instructedWh,
    cell: ({ row }) => energy(row.original.instructedWh),
  },
  {
    id: 'delivered',
    header: 'Delivered',
    meta: { align: 'right', from: 'medium' },
    accessorFn: ({ deliveredWh }) => deliveredWh,
    cell: ({ row }) => energy(row.original.deliveredWh),
  },
  {
    id: 'amount',
    header: 'Worth',
    meta: { align: 'right' },
    accessorFn: ({ amountGbp }) => Number(amountGbp),
    cell: ({ row }) => gbp(row.original.amountGbp),
  },
]

type Breach = Report['breaches']['worst'][number]

const breachColumns: Column<Breach>[] = [
  {
    id: 'name',
    header: 'Connection',
    accessorFn: ({ name }) => name,
    cell: ({ row: { original } }) => (
      <Link to="/connections/$connectionId" params={{ connectionId: original.connectionId }}>
        {original.name}
      </Link>
    ),
  },
  {
    id: 'peak',
    header: 'Highest excess',
    meta: { align: 'right' },
    accessorFn: ({ peakExcessW }) => peakExcessW,
    cell: ({ row }) => kw(row.original.peakExcessW),
  },
  {
    id: 'excess',
    header: 'Excess kWh',
    meta: { align: 'right', from: 'medium' },
    accessorFn: ({ excessWh }) => excessWh,
    cell: ({ row }) => kwhDigits(row.original.excessWh, 2),
  },
]

type Waiting = Report['alarms']['unacknowledged'][number]

const alarmColumns: Column<Waiting>[] = [
  {
    id: 'raised',
    header: 'Raised',
    accessorFn: ({ raisedAt }) => raisedAt,
    cell: ({ row }) => <Raised at={row.original.raisedAt} />,
  },
  {
    id: 'message',
    header: 'Alarm',
    meta: { wrap: true },
    accessorFn: ({ message }) => message,
    cell: ({ row }) => row.original.message,
  },
]

function Raised({ at }: { at: string }) {
  return dayAndTime(at, useToday())
}
