import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useToday } from '../../../shared/clock.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { LinkButton } from '../../../shared/components/link-button.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { Nothing, Notice } from '../../../shared/components/notice.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { PanelPart, SidePanel } from '../../../shared/components/side-panel.tsx'
import { count, fixed, percent } from '../../../shared/format/power.ts'
import { dayInWords, monthInWords, shortDay } from '../../../shared/format/time.ts'
import { completenessQuery } from '../../settlement-queries.ts'
import { SettlementTabs } from '../settlement/tabs.tsx'
import { completenessInWords, endedDays, rowsOf, type UnitRow } from './completeness.ts'
import styles from './metering.module.css'
import { Strip } from './strip.tsx'

const columns: Column<UnitRow>[] = [
  { id: 'fu', header: 'FU', accessorFn: (row) => row.fuName, cell: ({ row }) => row.original.fuName },
  {
    id: 'state',
    header: 'State',
    meta: { from: 'wide' },
    accessorFn: (row) => row.missing,
    cell: ({ row: { original } }) =>
      original.missing === 0 ? (
        <Mark word="Complete" tone="normal" shape="ring" />
      ) : (
        <Mark word={`${count(original.lacking.length, 'day')} with gaps`} tone="doubt" shape="dashed" />
      ),
  },
  {
    id: 'days',
    header: 'Days',
    enableSorting: false,
    cell: ({ row }) => <Strip row={row.original} />,
  },
  {
    id: 'missing',
    header: 'Missing',
    meta: { align: 'right', from: 'medium' },
    accessorFn: (row) => row.missing,
    cell: ({ row }) => (row.original.missing === 0 ? '–' : fixed(row.original.missing, 0)),
  },
  {
    id: 'share',
    header: 'Metered',
    meta: { align: 'right' },
    accessorFn: (row) => row.missing / row.periods,
    cell: ({ row: { original } }) => percent(1 - original.missing / original.periods),
  },
]

/** How much of each FU's days is metered: what settlement will lack, before it is reckoned. */
export function Metering() {
  const search = useSearch({ from: '/inside/metering' })
  const navigate = useNavigate({ from: '/metering' })
  const today = useToday()
  const month = search.month ?? today.slice(0, 7)
  const span = endedDays(month, today)
  const query = useQuery({ ...completenessQuery(span?.from ?? today, span?.to ?? today), enabled: span !== null })
  const rows = useMemo(() => rowsOf(query.data ?? []), [query.data])
  const open = rows.find((row) => row.fuId === search.fu)
  return (
    <Page
      title="Settlement"
      subtitle={`Meter data of ${monthInWords(month)}${span ? `, until ${shortDay(span.to)}` : ''}`}
      actions={
        <input
          type="month"
          className="rm-select"
          aria-label="Month"
          value={month}
          onChange={(event) => {
            const next = event.currentTarget.value
            if (next) void navigate({ search: { month: next === today.slice(0, 7) ? undefined : next } })
          }}
        />
      }
      panel={
        open && <UnitPanel row={open} onClose={() => void navigate({ search: (s) => ({ ...s, fu: undefined }) })} />
      }
    >
      <SettlementTabs />
      {span === null ? (
        <Nothing>No day of this month has ended yet.</Nothing>
      ) : (
        <Loaded query={query}>
          {() => (
            <>
              <Notice tone={rows.some((row) => row.missing > 0) ? 'doubt' : 'normal'}>
                {completenessInWords(rows)}
              </Notice>
              <Section flush>
                <DataTable
                  label="Meter data by FU"
                  rows={rows}
                  columns={columns}
                  rowKey={(row) => row.fuId}
                  selectedKey={search.fu}
                  onOpen={({ fuId }) => void navigate({ search: (s) => ({ ...s, fu: fuId }) })}
                  empty="No FU has been registered yet."
                />
              </Section>
            </>
          )}
        </Loaded>
      )}
    </Page>
  )
}

/** The days of an FU that lack something, each leading to its metered values. */
function UnitPanel({ row, onClose }: { row: UnitRow; onClose: () => void }) {
  return (
    <SidePanel
      title={row.fuName}
      onClose={onClose}
      footer={
        <LinkButton to="/metering/$fuId" params={{ fuId: row.fuId }}>
          Meter data of the FU
        </LinkButton>
      }
    >
      <PanelPart title="Days with gaps">
        {row.lacking.length === 0 && <span className="rm-secondary">Every quarter-hour is metered.</span>}
        <ul className={styles.days}>
          {row.lacking.map((day) => (
            <li key={day.day}>
              <Link to="/metering/$fuId" params={{ fuId: row.fuId }} search={{ day: day.day }}>
                {dayInWords(day.day)}
              </Link>
              <span className="rm-number">
                {day.metered === 0 ? 'nothing metered' : `${day.periods - day.metered} of ${day.periods} missing`}
              </span>
            </li>
          ))}
        </ul>
      </PanelPart>
      <PanelPart title="What follows">
        <p>
          A quarter-hour of a contract window without meter data is unpaid or estimated, as the{' '}
          <Link to="/market/contracts">contract’s terms</Link> say, and flagged on its line. Data that arrives after a
          statement was issued leads to a delta statement.
        </p>
      </PanelPart>
    </SidePanel>
  )
}
