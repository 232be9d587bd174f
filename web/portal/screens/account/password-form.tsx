import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { operations } from '../../../../schemas/operations.ts'
import { ApiProblem, api } from '../../../shared/api/client.ts'
import { Field, Fields } from '../../../shared/components/fields.tsx'
import { Notice, ProofRefused } from '../../../shared/components/notice.tsx'
import { ownSessionsQuery } from '../../account-queries.ts'
import styles from './account.module.css'
import { CodeField, codeHint, PasswordField } from './proof-fields.tsx'

const empty = { current: '', password: '', again: '', code: '' }
type Draft = typeof empty

/** Changes one’s password. `needsCode` once a second factor is set up. */
export function PasswordForm({ needsCode, onDone }: { needsCode: boolean; onDone?: () => void }) {
  const queries = useQueryClient()
  const [draft, setDraft] = useState(empty)
  const [differs, setDiffers] = useState(false)
  const set = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }))
  const change = useMutation({
    mutationFn: ({ current, password, code }: Draft) =>
      api.call(operations.changePassword, { body: { current, password, code: needsCode ? code.trim() : undefined } }),
    onSuccess: () => {
      setDraft(empty)
      void queries.invalidateQueries({ queryKey: ownSessionsQuery.queryKey })
      onDone?.()
    },
  })
  const errors = (change.error instanceof ApiProblem && change.error.problem.errors) || []
  const fault = (field: keyof Draft) =>
    field === 'again' && differs
      ? 'This is not the new password.'
      : errors.find((each) => each.field === field)?.message
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setDiffers(draft.password !== draft.again)
    if (draft.password === draft.again) change.mutate(draft)
  }
  return (
    <form className={styles.form} onSubmit={onSubmit}>
      <Inputs draft={draft} set={set} fault={fault} needsCode={needsCode} />
      {change.isError && errors.length === 0 && <ProofRefused error={change.error} />}
      {change.isSuccess && <Notice>The password is changed. All your other sessions have ended.</Notice>}
      <div className={styles.actions}>
        <Button type="submit" variant="filled" loading={change.isPending}>
          Change password
        </Button>
      </div>
    </form>
  )
}

function Inputs({
  draft,
  set,
  fault,
  needsCode,
}: {
  draft: Draft
  set: (change: Partial<Draft>) => void
  fault: (field: keyof Draft) => string | undefined
  needsCode: boolean
}) {
  return (
    <Fields>
      <PasswordField
        label="Current password"
        value={draft.current}
        fault={fault('current')}
        onText={(current) => set({ current })}
      />
      <Field
        label="New password"
        type="password"
        autoComplete="new-password"
        required
        hint="At least 12 characters of any kind. Three or four unrelated words are easy to remember."
        value={draft.password}
        fault={fault('password')}
        onChange={(event) => set({ password: event.currentTarget.value })}
      />
      <Field
        label="New password again"
        type="password"
        autoComplete="new-password"
        required
        value={draft.again}
        fault={fault('again')}
        onChange={(event) => set({ again: event.currentTarget.value })}
      />
      {needsCode && (
        <CodeField value={draft.code} fault={fault('code')} onText={(code) => set({ code })} hint={codeHint} />
      )}
    </Fields>
  )
}
