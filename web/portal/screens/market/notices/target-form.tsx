import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { type NoticeTarget, type NoticeTargetForm, noticeTargetForm } from '../../../../../schemas/market/notices.ts'
import { operations } from '../../../../../schemas/operations.ts'
import { api } from '../../../../shared/api/client.ts'
import { ProblemNotice } from '../../../../shared/components/notice.tsx'
import { noticeTargetsQuery } from '../../../market-queries.ts'
import { type TargetDraft, TargetFields, targetDraft } from '../../targets/target-fields.tsx'
import styles from '../../targets/targets.module.css'

/** A new target, a change of one, or its removal. */
export function TargetForm({ target, onDone }: { target: NoticeTarget | null; onDone: () => void }) {
  const [draft, setDraft] = useState(targetDraft(target))
  const [tried, setTried] = useState(false)
  const { save, remove } = useTargetActions(target, onDone)
  const { key, ...rest } = draft
  const read = noticeTargetForm.safeParse(key === '' ? rest : draft)
  const isKeyMissing = draft.kind === 'webhook' && key === '' && target?.kind !== 'webhook'
  const fault = (field: string) => {
    if (!tried) return undefined
    if (field === 'key' && isKeyMissing) return 'is required for a webhook'
    return read.success ? undefined : read.error.issues.find((issue) => issue.path[0] === field)?.message
  }
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (read.success && !isKeyMissing) save.mutate(read.data)
  }
  const set = (change: Partial<TargetDraft>) => setDraft((before) => ({ ...before, ...change }))
  const failed = save.error ?? remove.error
  return (
    <form className={styles.form} onSubmit={onSubmit} noValidate>
      <TargetFields draft={draft} set={set} fault={fault} isNew={target === null} />
      {failed && <ProblemNotice error={failed} />}
      <div className={styles.actions}>
        {target && (
          <Button loading={remove.isPending} onClick={() => remove.mutate(target.targetId)}>
            Remove
          </Button>
        )}
        <Button onClick={onDone}>Cancel</Button>
        <Button type="submit" variant="filled" loading={save.isPending}>
          Save
        </Button>
      </div>
    </form>
  )
}

function useTargetActions(target: NoticeTarget | null, onDone: () => void) {
  const queries = useQueryClient()
  const onSuccess = () => {
    void queries.invalidateQueries({ queryKey: noticeTargetsQuery.queryKey })
    onDone()
  }
  const save = useMutation({
    mutationFn: (body: NoticeTargetForm) =>
      target
        ? api.call(operations.changeNoticeTarget, { params: { id: target.targetId }, body })
        : api.call(operations.addNoticeTarget, { body }),
    onSuccess,
  })
  const remove = useMutation({
    mutationFn: (id: string) => api.call(operations.removeNoticeTarget, { params: { id } }),
    onSuccess,
  })
  return { save, remove }
}
