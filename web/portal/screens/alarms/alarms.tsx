import { Button, SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { type Alarm, alarmPriority } from '../../../../schemas/grid/alarms.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { Age } from '../../../shared/components/measured.tsx'
import { ProblemNotice } from '../../../shared/components/notice.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { count, fixed } from '../../../shared/format/power.ts'
import { dayAndTime } from '../../../shared/format/time.ts'
import { alarmStateWords, priorityWords } from '../../../shared/format/words.ts'
import { alarmsQuery } from '../../queries.ts'
import { needsAcknowledgement, useAcknowledge } from './actions.ts'
import { AlarmPanel } from './alarm-panel.tsx'
import styles from './alarms.module.css'
import { SourceLink } from './source-link.tsx'
import { AlarmTabs } from './tabs.tsx'

type Acknowledge = ReturnType<typeof useAcknowledge>

function columnsOf(acknowledge: Acknowledge): Column<Alarm>[] {
  return [
    {
      id: 'priority',
      header: 'Priority',
      accessorFn: (alarm) => alarmPriority.options.indexOf(alarm.priority),
      cell: ({ row }) => <Mark {...priorityWords[row.original.priority]} />,
    },
    {
      id: 'source',
      header: 'Where',
      accessorFn: (alarm) => alarm.source.name,
      cell: ({ row }) => <SourceLink alarm={row.original} />,
    },
    {
      id: 'message',
      header: 'What happened',
      meta: { wrap: true },
      accessorFn: (alarm) => alarm.message,
      cell: ({ row }) => <span className={styles.message}>{row.original.message}</span>,
    },
    {
      id: 'raised',
      header: 'Raised',
      meta: { align: 'right', from: 'medium' },
      accessorFn: (alarm) => Date.parse(alarm.raisedAt),
      cell: ({ row }) => <Age at={row.original.raisedAt} />,
    },
    {
      id: 'occurrences',
      header: 'Times',
      meta: { align: 'right', from: 'wide' },
      accessorFn: (alarm) => alarm.occurrences,
      cell: ({ row }) => fixed(row.original.occurrences, 0),
    },
    {
      id: 'owner',
      header: 'Assigned to',
      meta: { from: 'wide' },
      accessorFn: (alarm) => alarm.owner ?? null,
      cell: ({ row }) => row.original.owner ?? '–',
    },
    {
      id: 'state',
      header: 'State',
      meta: { from: 'wide' },
      accessorFn: (alarm) => alarm.state,
      cell: ({ row }) => stateOf(row.original),
    },
    {
      id: 'acknowledge',
      header: () => <span className="rm-sr-only">Acknowledgement</span>,
      enableSorting: false,
      meta: { align: 'right' },
      cell: ({ row }) =>
        needsAcknowledgement(row.original) && <AcknowledgeButton alarm={row.original} acknowledge={acknowledge} />,
    },
  ]
}

function stateOf(alarm: Alarm): string {
  if (alarm.outOfService) return 'Out of service'
  if (alarm.shelvedUntil) return `Shelved until ${dayAndTime(alarm.shelvedUntil)}`
  return alarm.suppressed ? 'Explained by another alarm' : alarmStateWords[alarm.state]
}

function AcknowledgeButton({ alarm, acknowledge }: { alarm: Alarm; acknowledge: Acknowledge }) {
  const busy = acknowledge.isPending && acknowledge.variables === alarm.alarmId
  return (
    <Button
      size="compact-xs"
      loading={busy}
      aria-label={`Acknowledge: ${alarm.message}`}
      onClick={() => acknowledge.mutate(alarm.alarmId)}
    >
      Acknowledge
    </Button>
  )
}

const views = ['open', 'shelved', 'suppressed', 'out-of-service', 'all'] as const
type View = (typeof views)[number]

const viewWords: Record<View, { label: string; empty: string }> = {
  open: { label: 'Open', empty: 'No alarm is open.' },
  shelved: { label: 'Shelved', empty: 'No alarm is shelved.' },
  suppressed: { label: 'Explained', empty: 'No alarm is explained by another.' },
  'out-of-service': { label: 'Out of service', empty: 'No alarm is out of service.' },
  all: { label: 'All', empty: 'There have been no alarms yet.' },
}

/** What an operator has to see to: urgent first. */
export function Alarms() {
  const { show = 'open', alarm: openId } = useSearch({ from: '/inside/alarms' })
  const navigate = useNavigate({ from: '/alarms' })
  const query = useQuery(alarmsQuery(show))
  const acknowledge = useAcknowledge()
  const columns = useMemo(() => columnsOf(acknowledge), [acknowledge])
  const open = query.data?.find((alarm) => alarm.alarmId === openId)
  const waiting = query.data?.filter(needsAcknowledgement).length ?? 0
  return (
    <Page
      title="Alarms"
      subtitle={
        query.data && (waiting > 0 ? `${count(waiting, 'alarm')} not acknowledged` : 'All alarms are acknowledged')
      }
      actions={
        <SegmentedControl
          size="xs"
          aria-label="Which alarms"
          value={show}
          onChange={(next) =>
            void navigate({ search: { show: next === 'open' ? undefined : views.find((view) => view === next) } })
          }
          data={views.map((view) => ({ value: view, label: viewWords[view].label }))}
        />
      }
      panel={
        open && (
          <AlarmPanel
            key={open.alarmId}
            alarm={open}
            footer={needsAcknowledgement(open) && <AcknowledgeButton alarm={open} acknowledge={acknowledge} />}
            onClose={() => void navigate({ search: (s) => ({ ...s, alarm: undefined }) })}
          />
        )
      }
    >
      <AlarmTabs />
      {acknowledge.isError && <ProblemNotice error={acknowledge.error} />}
      <Loaded query={query}>
        {(alarms) => (
          <Section flush>
            <DataTable
              label="Alarms"
              rows={alarms}
              columns={columns}
              rowKey={(alarm) => alarm.alarmId}
              selectedKey={openId}
              onOpen={({ alarmId }) => void navigate({ search: (s) => ({ ...s, alarm: alarmId }) })}
              empty={viewWords[show].empty}
            />
          </Section>
        )}
      </Loaded>
    </Page>
  )
}
