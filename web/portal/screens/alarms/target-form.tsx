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
import { Choice } from '../../../shared/components/fields.tsx'
import { ProblemNotice } from '../../../shared/components/notice.tsx'
import { priorityWords } from '../../../shared/format/words.ts'
import { alarmTargetsQuery } from '../../queries.ts'
import { TargetFields, targetDraft } from '../targets/target-fields.tsx'
import styles from '../targets/targets.module.css'

/** A new target, or a change of one. */
export function TargetForm({ target, onDone }: { target: AlarmTarget | null; onDone: () => void }) {
  const queries = useQueryClient()
  const [draft, setDraft] = useState({
    ...targetDraft(target),
    fromPriority: target?.fromPriority ?? ('high' as const),
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
      <TargetFields draft={draft} set={set} fault={fault} isNew={target === null}>
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
      </TargetFields>
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
