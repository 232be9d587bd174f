import { Button, SegmentedControl } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { type Alarm, alarm as alarmContract, alarmPriority } from '../../../../schemas/alarms.ts'
import { ask } from '../../../shared/api/client.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { Age } from '../../../shared/components/measured.tsx'
import { ProblemNotice } from '../../../shared/components/notice.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { PanelFacts, PanelPart, SidePanel } from '../../../shared/components/side-panel.tsx'
import { count, fixed } from '../../../shared/format/power.ts'
import { dayAndTime, utc } from '../../../shared/format/time.ts'
import { alarmKindWords, alarmStateWords, priorityWords } from '../../../shared/format/words.ts'
import { alarmsQuery } from '../../queries.ts'
import styles from './alarms.module.css'

function needsAcknowledgement({ state }: Alarm): boolean {
  return state === 'unacknowledged' || state === 'cleared-unacknowledged'
}

function useAcknowledge() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (alarmId: string) => ask(alarmContract, `/alarms/${alarmId}/acknowledgement`, { method: 'POST' }),
    onSettled: () => queries.invalidateQueries({ predicate: ({ meta }) => meta?.topics?.includes('alarms') ?? false }),
  })
}

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
      id: 'state',
      header: 'State',
      meta: { from: 'wide' },
      accessorFn: (alarm) => alarm.state,
      cell: ({ row }) => alarmStateWords[row.original.state],
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

/** Leads to what an alarm is about. */
function SourceLink({ alarm: { source } }: { alarm: Alarm }) {
  if (source.type === 'connection')
    return (
      <Link to="/connections/$connectionId" params={{ connectionId: source.id }}>
        {source.name}
      </Link>
    )
  if (source.type === 'hub')
    return (
      <Link to="/hubs" search={{ hub: source.id }}>
        {source.name}
      </Link>
    )
  if (source.type === 'fu')
    return (
      <Link to="/dispatch" search={{ fu: source.id }}>
        {source.name}
      </Link>
    )
  return <>{source.name}</>
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
        query.data &&
        (waiting > 0 ? `${count(waiting, 'alarm')} not acknowledged` : 'None waits for an acknowledgement')
      }
      actions={
        <SegmentedControl
          size="xs"
          aria-label="Which alarms"
          value={show}
          onChange={(next) => void navigate({ search: { show: next === 'all' ? 'all' : undefined } })}
          data={[
            { value: 'open', label: 'Open' },
            { value: 'all', label: 'All' },
          ]}
        />
      }
      panel={
        open && (
          <AlarmPanel
            alarm={open}
            acknowledge={acknowledge}
            onClose={() => void navigate({ search: (s) => ({ ...s, alarm: undefined }) })}
          />
        )
      }
    >
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
              empty={show === 'open' ? 'No alarm is open.' : 'There has never been an alarm.'}
            />
          </Section>
        )}
      </Loaded>
    </Page>
  )
}

function AlarmPanel({ alarm, acknowledge, onClose }: { alarm: Alarm; acknowledge: Acknowledge; onClose: () => void }) {
  return (
    <SidePanel
      title={alarmKindWords[alarm.kind]}
      onClose={onClose}
      footer={needsAcknowledgement(alarm) && <AcknowledgeButton alarm={alarm} acknowledge={acknowledge} />}
    >
      <PanelPart>
        <Mark {...priorityWords[alarm.priority]} />
        <p>{alarm.message}</p>
      </PanelPart>
      <PanelPart title="What to do">{alarm.action}</PanelPart>
      <PanelPart title="History">
        <PanelFacts
          items={[
            ['Where', <SourceLink key="source" alarm={alarm} />],
            ['State', alarmStateWords[alarm.state]],
            ['Raised', <Moment key="raised" at={alarm.raisedAt} />],
            ['Times', fixed(alarm.occurrences, 0)],
            ['Cleared', <Moment key="cleared" at={alarm.clearedAt} />],
            ['Acknowledged', <Moment key="acknowledged" at={alarm.acknowledgedAt} />],
            ...(alarm.acknowledgedBy ? [['By', alarm.acknowledgedBy] as const] : []),
          ]}
        />
      </PanelPart>
    </SidePanel>
  )
}

function Moment({ at }: { at: string | null }) {
  return at === null ? <>not yet</> : <time title={utc(at)}>{dayAndTime(at)}</time>
}
