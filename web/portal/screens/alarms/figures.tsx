import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { AlarmFigures } from '../../../../schemas/grid/alarms.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Notice } from '../../../shared/components/notice.tsx'
import { Facts, Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { count, fixed } from '../../../shared/format/power.ts'
import { dayAndTime } from '../../../shared/format/time.ts'
import { alarmKindWords } from '../../../shared/format/words.ts'
import { alarmFiguresQuery } from '../../queries.ts'
import { AlarmTabs } from './tabs.tsx'

const spans = [
  { hours: 24, label: 'last 24 hours' },
  { hours: 168, label: 'last 7 days' },
  { hours: 720, label: 'last 30 days' },
] as const

const worstColumns: Column<AlarmFigures['worst'][number]>[] = [
  { id: 'source', header: 'Where', accessorFn: (each) => each.sourceName, cell: ({ row }) => row.original.sourceName },
  {
    id: 'kind',
    header: 'Kind',
    accessorFn: (each) => each.kind,
    cell: ({ row }) => alarmKindWords[row.original.kind],
  },
  {
    id: 'alarms',
    header: 'Alarms',
    meta: { align: 'right' },
    accessorFn: (each) => each.alarms,
    cell: ({ row }) => fixed(row.original.alarms, 0),
  },
]

/** How many alarms operators had to face, after ISA-18.2, and where they came from. */
export function Figures() {
  const { hours = 24, operators = 1 } = useSearch({ from: '/inside/alarm-figures' })
  const navigate = useNavigate({ from: '/alarm-figures' })
  const query = useQuery(alarmFiguresQuery(hours, operators))
  return (
    <Page
      title="Alarms"
      subtitle={`Rate in the ${spans.find((span) => span.hours === hours)?.label ?? `last ${hours} hours`}`}
      actions={
        <>
          <select
            className="rm-select"
            aria-label="Time"
            value={hours}
            onChange={(event) => {
              const chosen = Number(event.currentTarget.value)
              void navigate({ search: (s) => ({ ...s, hours: chosen }) })
            }}
          >
            {spans.map((span) => (
              <option key={span.hours} value={span.hours}>
                {span.label}
              </option>
            ))}
          </select>
          <select
            className="rm-select"
            aria-label="Operators on duty"
            value={operators}
            onChange={(event) => {
              const chosen = Number(event.currentTarget.value)
              void navigate({ search: (s) => ({ ...s, operators: chosen }) })
            }}
          >
            {[1, 2, 3, 4, 6, 8].map((n) => (
              <option key={n} value={n}>
                {count(n, 'operator')}
              </option>
            ))}
          </select>
        </>
      }
    >
      <AlarmTabs />
      <Loaded query={query}>{(figures) => <Content figures={figures} />}</Loaded>
    </Page>
  )
}

function Content({ figures }: { figures: AlarmFigures }) {
  const { floods } = figures
  return (
    <>
      <Notice tone={floods.length > 0 ? 'risk' : 'normal'}>
        {floods.length > 0
          ? `${count(floods.length, 'flood')}: more than 10 alarms for an operator in 10 minutes.`
          : 'No flood: never more than 10 alarms for an operator in 10 minutes.'}
      </Notice>
      <Section>
        <Facts
          items={[
            ['Average per operator and 10 min', fixed(figures.averagePerOperatorAnd10Min, 2)],
            ['Highest per operator and 10 min', fixed(figures.peakPerOperatorAnd10Min, 1)],
            ...floods.map(
              (flood, i) =>
                [
                  `Flood ${i + 1}`,
                  `${dayAndTime(flood.from)} to ${dayAndTime(flood.to)}, ${count(flood.alarms, 'alarm')}`,
                ] as const,
            ),
          ]}
        />
      </Section>
      <Section title="Most frequent sources" flush>
        <DataTable
          label="Most frequent sources"
          rows={figures.worst}
          columns={worstColumns}
          rowKey={(each) => `${each.kind} ${each.sourceName}`}
          empty="There were no alarms in this period."
        />
      </Section>
    </>
  )
}
