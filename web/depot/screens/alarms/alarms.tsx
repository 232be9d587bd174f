import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import type { DepotAlarm } from '../../../../schemas/fsp/alarms.ts'
import { fspOperations } from '../../../../schemas/fsp/operations.ts'
import { useToday } from '../../../shared/clock.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Field, Fields } from '../../../shared/components/fields.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { Age } from '../../../shared/components/measured.tsx'
import { Notice, ProblemNotice } from '../../../shared/components/notice.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { PanelFacts, PanelPart, SidePanel } from '../../../shared/components/side-panel.tsx'
import { dayAndTime } from '../../../shared/format/time.ts'
import { api } from '../../api.ts'
import { alarmsQuery, depotsQuery } from '../../queries.ts'
import { useRefusal } from '../../session.ts'
import { alarmWords, levelWords } from '../../words.ts'

const from = '/inside/alarms'

/** Open alarms, the red ones first, each with what to do and who answers for it. */
export function Alarms() {
  const { depot, alarm } = useSearch({ from })
  const navigate = useNavigate({ from: '/alarms' })
  const query = useQuery(alarmsQuery(depot))
  const depots = useQuery(depotsQuery).data ?? []
  const open = query.data?.find(({ alarmId }) => alarmId === alarm)
  return (
    <Page
      title="Alarms"
      panel={
        open && <AlarmPanel key={open.alarmId} alarm={open} onClose={() => void navigate({ search: { depot } })} />
      }
      actions={
        <select
          className="rm-select"
          aria-label="Depot"
          value={depot ?? ''}
          onChange={(event) => void navigate({ search: { depot: event.currentTarget.value || undefined } })}
        >
          <option value="">All depots</option>
          {depots.map(({ depotId, name }) => (
            <option key={depotId} value={depotId}>
              {name}
            </option>
          ))}
        </select>
      }
    >
      <Section title="Open alarms" flush>
        <Loaded query={query}>
          {(alarms) => (
            <DataTable
              label="Open alarms"
              rows={alarms.toSorted((a, b) => Number(b.level === 'red') - Number(a.level === 'red'))}
              columns={columns}
              rowKey={({ alarmId }) => alarmId}
              selectedKey={alarm}
              onOpen={({ alarmId }) => void navigate({ search: { depot, alarm: alarmId } })}
              empty="No alarm is open."
            />
          )}
        </Loaded>
      </Section>
    </Page>
  )
}

const columns: Column<DepotAlarm>[] = [
  {
    id: 'level',
    header: 'Level',
    accessorFn: ({ level }) => level,
    cell: ({ row }) => <Mark {...levelWords[row.original.level]} />,
  },
  {
    id: 'kind',
    header: 'Alarm',
    accessorFn: ({ kind }) => alarmWords[kind],
    cell: ({ row }) => alarmWords[row.original.kind],
  },
  {
    id: 'depot',
    header: 'Depot',
    meta: { from: 'medium' },
    accessorFn: ({ depotId }) => depotId ?? '',
    cell: ({ row }) => row.original.depotId ?? 'several',
  },
  {
    id: 'message',
    header: 'What happened',
    meta: { wrap: true, from: 'medium' },
    enableSorting: false,
    cell: ({ row }) => row.original.message,
  },
  {
    id: 'responsible',
    header: 'Responsible',
    meta: { from: 'wide' },
    accessorFn: ({ responsible }) => responsible?.name ?? '',
    cell: ({ row }) => partyInWords(row.original),
  },
  {
    id: 'raised',
    header: 'Raised',
    meta: { align: 'right' },
    accessorFn: ({ raisedAt }) => raisedAt,
    cell: ({ row }) => <Age at={row.original.raisedAt} />,
  },
]

function partyInWords({ responsible }: DepotAlarm): string {
  return responsible === null ? 'nobody named' : `${responsible.name}, ${responsible.contact}`
}

function AlarmPanel({ alarm, onClose }: { alarm: DepotAlarm; onClose: () => void }) {
  const today = useToday()
  const { acknowledgedAt, acknowledgedBy, clearedAt } = alarm
  return (
    <SidePanel title={alarmWords[alarm.kind]} onClose={onClose}>
      <Notice tone={levelWords[alarm.level].tone}>{alarm.message}</Notice>
      <PanelPart title="What to do">
        <p>{alarm.action}</p>
        <p>If nobody does: {alarm.consequence}</p>
      </PanelPart>
      <PanelFacts
        items={[
          ['Responsible', alarm.responsible?.name ?? 'nobody named'],
          ['Contact', alarm.responsible?.contact ?? '–'],
          ['About', alarm.sourceId],
          ['Raised', dayAndTime(alarm.raisedAt, today)],
          ['Times raised', String(alarm.occurrences)],
          ['Cleared', clearedAt === null ? 'not yet' : dayAndTime(clearedAt, today)],
          [
            'Acknowledged',
            acknowledgedAt === null ? 'not yet' : `${dayAndTime(acknowledgedAt, today)} by ${acknowledgedBy}`,
          ],
        ]}
      />
      {acknowledgedAt === null && <Acknowledge alarm={alarm} />}
    </SidePanel>
  )
}

function Acknowledge({ alarm: { alarmId, depotId } }: { alarm: DepotAlarm }) {
  const queries = useQueryClient()
  const refusal = useRefusal(['fleet-admin', 'depot-admin'], depotId ?? undefined)
  const [note, setNote] = useState('')
  const acknowledge = useMutation({
    mutationFn: () => api.call(fspOperations.acknowledgeDepotAlarm, { params: { alarmId }, body: { note } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['alarms'] }),
  })
  return (
    <PanelPart title="Acknowledge">
      <Fields>
        <Field label="Note" value={note} maxLength={2_000} onChange={(event) => setNote(event.currentTarget.value)} />
      </Fields>
      {acknowledge.isError && <ProblemNotice error={acknowledge.error} />}
      <Button
        variant="filled"
        disabled={refusal !== null}
        title={refusal ?? undefined}
        loading={acknowledge.isPending}
        onClick={() => acknowledge.mutate()}
      >
        Acknowledge
      </Button>
    </PanelPart>
  )
}
