import { YearMonth } from '@js-joda/core'
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { ComplianceReportLine } from '../../../../schemas/grid/compliance.ts'
import { operations } from '../../../../schemas/operations.ts'
import { addressOf } from '../../../shared/api/client.ts'
import { useToday } from '../../../shared/clock.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { DayStrip } from '../../../shared/connection-day/day-strip.tsx'
import { fixed, kwDigits, kwhDigits, percent } from '../../../shared/format/power.ts'
import { monthInWords } from '../../../shared/format/time.ts'
import { complianceDaysQuery, complianceReportQuery } from '../../compliance-queries.ts'
import { ConnectionTabs } from './tabs.tsx'

function share(
  id: string,
  header: string,
  of: (line: ComplianceReportLine) => number | null,
): Column<ComplianceReportLine> {
  return {
    id,
    header,
    meta: { align: 'right', from: id === 'breach' ? 'medium' : 'wide' },
    accessorFn: of,
    cell: ({ row }) => {
      const value = of(row.original)
      return value === null ? '–' : percent(value, 2)
    },
  }
}

function power(
  id: string,
  header: string,
  of: (line: ComplianceReportLine) => number | null,
): Column<ComplianceReportLine> {
  return {
    id,
    header,
    meta: { align: 'right', from: 'medium' },
    accessorFn: of,
    cell: ({ row }) => {
      const value = of(row.original)
      return value === null ? '–' : kwDigits(value)
    },
  }
}

const columns: Column<ComplianceReportLine>[] = [
  {
    id: 'name',
    header: 'Connection',
    accessorFn: (line) => line.name,
    cell: ({ row: { original } }) => (
      <Link to="/connections/$connectionId" params={{ connectionId: original.connectionId }}>
        {original.name}
      </Link>
    ),
  },
  {
    id: 'breaches',
    header: 'Breaches',
    meta: { align: 'right' },
    accessorFn: (line) => line.breaches,
    cell: ({ row }) => (row.original.breaches === 0 ? '–' : fixed(row.original.breaches, 0)),
  },
  {
    id: 'dispatch-breaches',
    header: 'Under dispatch',
    meta: { align: 'right', from: 'wide' },
    accessorFn: (line) => line.dispatchBreaches,
    cell: ({ row }) => (row.original.dispatchBreaches === 0 ? '–' : fixed(row.original.dispatchBreaches, 0)),
  },
  share('breach', 'Over limit', (line) => line.breachShare),
  share('at-risk', 'At risk', (line) => line.atRiskShare),
  share('unknown', 'Not known', (line) => line.unknownShare),
  power('peak', 'Highest excess kW', (line) => line.peakExcessW),
  {
    id: 'excess',
    header: 'Excess kWh',
    meta: { align: 'right', from: 'wide' },
    accessorFn: (line) => line.excessWh,
    cell: ({ row }) => (row.original.excessWh === 0 ? '–' : kwhDigits(row.original.excessWh, 2)),
  },
  {
    id: 'export-breaches',
    header: 'Export breaches',
    meta: { align: 'right', from: 'wide' },
    accessorFn: (line) => line.exportBreaches,
    cell: ({ row }) => (row.original.exportBreaches === 0 ? '–' : fixed(row.original.exportBreaches, 0)),
  },
  power('highest', 'Highest half-hour kW', (line) => line.maxHalfHourW),
  {
    id: 'energy',
    header: 'Energy kWh',
    meta: { align: 'right', from: 'wide' },
    accessorFn: (line) => line.energyWh,
    cell: ({ row }) => (row.original.energyWh === null ? '–' : kwhDigits(row.original.energyWh, 0)),
  },
]

const brokenBy = (line: ComplianceReportLine) => line.breaches + line.exportBreaches

/** How every connection kept its limits in a month; those that did not stand first. */
export function Compliance() {
  const { month: asked } = useSearch({ from: '/inside/compliance' })
  const navigate = useNavigate({ from: '/compliance' })
  const today = useToday()
  const month = asked ?? today.slice(0, 7)
  const span = YearMonth.parse(month)
  const [until = today] = [span.atEndOfMonth().toString(), today].sort()
  const report = useQuery(complianceReportQuery(month))
  const from = span.atDay(1).toString()
  const days = useQuery(complianceDaysQuery(null, from, until))
  const lines = useMemo(
    () => (report.data?.lines ?? []).toSorted((a, b) => brokenBy(b) - brokenBy(a) || a.name.localeCompare(b.name)),
    [report.data],
  )
  return (
    <Page
      title="Connections"
      subtitle={`Compliance in ${monthInWords(month)}`}
      actions={
        <>
          <input
            type="month"
            className="rm-select"
            aria-label="Month"
            value={month}
            max={today.slice(0, 7)}
            onChange={(event) => {
              const { value } = event.currentTarget
              if (value) void navigate({ search: { month: value } })
            }}
          />
          <Button component="a" href={addressOf(operations.downloadComplianceCsv, { params: { month } })} download>
            Download CSV
          </Button>
          <Button component="a" href={addressOf(operations.downloadCompliancePdf, { params: { month } })} download>
            Download PDF
          </Button>
        </>
      }
    >
      <ConnectionTabs />
      <Section title="All connections, day by day">
        <Loaded query={days}>{(data) => <DayStrip days={data} from={from} to={until} />}</Loaded>
      </Section>
      <Section title="By connection" flush>
        <Loaded query={report}>
          {() => (
            <DataTable
              label="Compliance by connection"
              rows={lines}
              columns={columns}
              rowKey={(line) => line.connectionId}
              onOpen={({ connectionId }) =>
                void navigate({ to: '/connections/$connectionId', params: { connectionId } })
              }
              empty="No connection was monitored this month."
            />
          )}
        </Loaded>
      </Section>
    </Page>
  )
}
