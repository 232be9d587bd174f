import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import {
  type AlarmTarget,
  type AlarmTargetForm,
  alarmPriority,
  alarmTargetForm,
} from '../../../../schemas/grid/alarms.ts'
import { operations } from '../../../../schemas/operations.ts'
import { api } from '../../../shared/api/client.ts'
import { Choice, Field, Fields } from '../../../shared/components/fields.tsx'
import { ProblemNotice } from '../../../shared/components/notice.tsx'
import { priorityWords } from '../../../shared/format/words.ts'
import { alarmTargetsQuery } from '../../queries.ts'
import styles from './targets.module.css'

/** A new target, or a change of one. */
export function TargetForm({ target, onDone }: { target: AlarmTarget | null; onDone: () => void }) {
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
    mutationFn: (body: AlarmTargetForm) =>
      target
        ? api.call(operations.changeAlarmTarget, { params: { id: target.targetId }, body })
        : api.call(operations.addAlarmTarget, { body }),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: alarmTargetsQuery.queryKey })
      onDone()
    },
  })
  const set = (change: Partial<typeof draft>) => setDraft((before) => ({ ...before, ...change }))
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (read.success) save.mutate(read.data)
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
