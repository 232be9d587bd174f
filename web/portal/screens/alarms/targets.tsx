import { Button, Modal } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import {
  type AlarmNotice,
  type AlarmTarget,
  alarmPriority,
  alarmTarget,
  alarmTargetForm,
} from '../../../../schemas/grid/alarms.ts'
import { ask, tell } from '../../../shared/api/client.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Choice, Field, Fields } from '../../../shared/components/fields.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { ProblemNotice } from '../../../shared/components/notice.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { count, fixed } from '../../../shared/format/power.ts'
import { dayAndTime, utc } from '../../../shared/format/time.ts'
import { priorityWords } from '../../../shared/format/words.ts'
import { alarmNoticesQuery, alarmTargetsQuery } from '../../queries.ts'
import { useRefusal } from '../../session.ts'
import { AlarmTabs } from './tabs.tsx'
import styles from './targets.module.css'

const columns: Column<AlarmTarget>[] = [
  { id: 'name', header: 'Target', accessorFn: (target) => target.name, cell: ({ row }) => row.original.name },
  {
    id: 'active',
    header: 'State',
    accessorFn: (target) => Number(target.active),
    cell: ({ row }) =>
      row.original.active ? (
        <Mark word="Active" tone="normal" shape="ring" />
      ) : (
        <Mark word="Paused" tone="quiet" shape="bar" />
      ),
  },
  {
    id: 'address',
    header: 'Address',
    meta: { from: 'medium' },
    accessorFn: (target) => target.address,
    cell: ({ row }) => `${row.original.kind === 'email' ? 'e-mail' : 'webhook'} ${row.original.address}`,
  },
  {
    id: 'priority',
    header: 'From priority',
    accessorFn: (target) => alarmPriority.options.indexOf(target.fromPriority),
    cell: ({ row }) => priorityWords[row.original.fromPriority].word,
  },
]

/** Where alarms are sent to, and what could not be delivered. */
export function Targets() {
  const query = useQuery(alarmTargetsQuery)
  const refusal = useRefusal('administrator')
  const [editing, setEditing] = useState<AlarmTarget | 'new' | null>(null)
  return (
    <Page
      title="Alarms"
      subtitle={query.data && `Sent to ${count(query.data.filter((target) => target.active).length, 'target')}`}
      actions={
        <Button
          variant="filled"
          disabled={refusal !== null}
          title={refusal ?? undefined}
          onClick={() => setEditing('new')}
        >
          Add a target
        </Button>
      }
    >
      <AlarmTabs />
      <Loaded query={query}>
        {(targets) => (
          <Section flush>
            <DataTable
              label="Targets"
              rows={targets}
              columns={columns}
              rowKey={(target) => target.targetId}
              {...(refusal === null && { onOpen: setEditing })}
              empty="Alarms are shown here only; nobody is written to."
            />
          </Section>
        )}
      </Loaded>
      <DeadNotices />
      <Modal
        opened={editing !== null}
        onClose={() => setEditing(null)}
        title={editing === 'new' ? 'Add a target' : 'Change a target'}
        size={520}
      >
        {editing && <TargetForm target={editing === 'new' ? null : editing} onDone={() => setEditing(null)} />}
      </Modal>
    </Page>
  )
}

function TargetForm({ target, onDone }: { target: AlarmTarget | null; onDone: () => void }) {
  const queries = useQueryClient()
  const [draft, setDraft] = useState({
    name: target?.name ?? '',
    kind: target?.kind ?? ('email' as const),
    address: target?.address ?? '',
    fromPriority: target?.fromPriority ?? ('high' as const),
    active: target?.active ?? true,
    key: '',
  })
  const [tried, setTried] = useState(false)
  const { key, ...rest } = draft
  const read = alarmTargetForm.safeParse(key === '' ? rest : draft)
  const fault = (field: string) =>
    tried && !read.success ? read.error.issues.find((issue) => issue.path[0] === field)?.message : undefined
  const save = useMutation({
    mutationFn: () =>
      ask(alarmTarget, target ? `/alarm-targets/${target.targetId}` : '/alarm-targets', {
        method: target ? 'PUT' : 'POST',
        body: read.data,
      }),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: alarmTargetsQuery.queryKey })
      onDone()
    },
  })
  const set = (change: Partial<typeof draft>) => setDraft((before) => ({ ...before, ...change }))
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (read.success) save.mutate()
  }
  return (
    <form className={styles.form} onSubmit={onSubmit} noValidate>
      <Fields>
        <Field
          label="Name"
          value={draft.name}
          fault={fault('name')}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <Choice
          label="By"
          value={draft.kind}
          onChange={(event) => set({ kind: event.currentTarget.value === 'webhook' ? 'webhook' : 'email' })}
        >
          <option value="email">e-mail</option>
          <option value="webhook">webhook</option>
        </Choice>
        <Field
          label="Address"
          value={draft.address}
          fault={fault('address')}
          onChange={(event) => set({ address: event.currentTarget.value })}
        />
        {draft.kind === 'webhook' && (
          <Field
            label="Signing key"
            type="password"
            autoComplete="off"
            hint={target ? 'Empty: as before' : 'At least 16 characters; signs each body'}
            value={draft.key}
            fault={fault('key')}
            onChange={(event) => set({ key: event.currentTarget.value })}
          />
        )}
        <Choice
          label="From priority"
          value={draft.fromPriority}
          onChange={(event) =>
            set({
              fromPriority: alarmPriority.options.find((each) => each === event.currentTarget.value) ?? 'high',
            })
          }
        >
          {alarmPriority.options.map((priority) => (
            <option key={priority} value={priority}>
              {priorityWords[priority].word}
            </option>
          ))}
        </Choice>
        <Choice
          label="State"
          value={draft.active ? 'active' : 'paused'}
          onChange={(event) => set({ active: event.currentTarget.value === 'active' })}
        >
          <option value="active">active</option>
          <option value="paused">paused</option>
        </Choice>
      </Fields>
      {save.isError && <ProblemNotice error={save.error} />}
      <div className={styles.actions}>
        <Button onClick={onDone}>Cancel</Button>
        <Button type="submit" variant="filled" loading={save.isPending}>
          Save
        </Button>
      </div>
    </form>
  )
}

function noticeColumns(retry: (noticeId: string) => void, refusal: string | null): Column<AlarmNotice>[] {
  return [
    {
      id: 'target',
      header: 'Target',
      accessorFn: (each) => each.targetName,
      cell: ({ row }) => row.original.targetName,
    },
    { id: 'event', header: 'What', accessorFn: (each) => each.event, cell: ({ row }) => row.original.event },
    {
      id: 'due',
      header: 'Due',
      meta: { from: 'medium' },
      accessorFn: (each) => Date.parse(each.dueAt),
      cell: ({ row }) => <time title={utc(row.original.dueAt)}>{dayAndTime(row.original.dueAt)}</time>,
    },
    {
      id: 'attempts',
      header: 'Attempts',
      meta: { align: 'right', from: 'medium' },
      accessorFn: (each) => each.attempts,
      cell: ({ row }) => fixed(row.original.attempts, 0),
    },
    {
      id: 'error',
      header: 'Last error',
      meta: { wrap: true },
      accessorFn: (each) => each.lastError,
      cell: ({ row }) => row.original.lastError ?? '–',
    },
    {
      id: 'retry',
      header: () => <span className="rm-sr-only">Again</span>,
      enableSorting: false,
      meta: { align: 'right' },
      cell: ({ row }) => (
        <Button
          size="compact-xs"
          disabled={refusal !== null}
          title={refusal ?? undefined}
          onClick={() => retry(row.original.noticeId)}
        >
          Send again
        </Button>
      ),
    },
  ]
}

/** Notices that were given up; each can be sent again. */
function DeadNotices() {
  const queries = useQueryClient()
  const query = useQuery(alarmNoticesQuery)
  const refusal = useRefusal('operator')
  const retry = useMutation({
    mutationFn: (noticeId: string) => tell(`/alarm-notices/${noticeId}/retry`, { method: 'POST' }),
    onSettled: () => queries.invalidateQueries({ queryKey: alarmNoticesQuery.queryKey }),
  })
  return (
    <Section title="Could not be delivered" flush>
      {retry.isError && <ProblemNotice error={retry.error} />}
      <Loaded query={query}>
        {(notices) => (
          <DataTable
            label="Could not be delivered"
            rows={notices}
            columns={noticeColumns(retry.mutate, refusal)}
            rowKey={(each) => each.noticeId}
            empty="Every notice was delivered."
          />
        )}
      </Loaded>
    </Section>
  )
}
