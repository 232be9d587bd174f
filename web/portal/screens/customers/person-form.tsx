import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { z } from 'zod'
import { passwordText } from '../../../../schemas/access/passwords.ts'
import { operations } from '../../../../schemas/operations.ts'
import { api } from '../../../shared/api/client.ts'
import { Field, Fields } from '../../../shared/components/fields.tsx'
import { SaveProblem } from '../../../shared/components/save-problem.tsx'
import { faultsOf } from '../../../shared/form-faults.ts'
import { accountsQuery } from '../../account-queries.ts'
import { usernameText } from '../accounts/username.ts'
import styles from './customers.module.css'

const form = z.object({
  fullName: z.string().trim().min(1, 'is required').max(200),
  username: usernameText,
  password: passwordText,
})

type Person = z.infer<typeof form>

interface PersonFormProps {
  customerId: string
  /** User names that are taken already: a form for new people never changes an account. */
  taken: readonly string[]
  onDone: () => void
}

/** Adds an account of somebody who sees a customer’s sites. */
export function PersonForm({ customerId, taken, onDone }: PersonFormProps) {
  const [draft, setDraft] = useState<Person>({ fullName: '', username: '', password: '' })
  const [tried, setTried] = useState(false)
  const queries = useQueryClient()
  const read = form.safeParse(draft)
  const isTaken = taken.includes(draft.username)
  const add = useMutation({
    mutationFn: ({ username, ...person }: Person) =>
      api.call(operations.changeAccount, {
        params: { username },
        body: { ...person, roles: ['customer'], customerId },
      }),
    async onSuccess() {
      await queries.invalidateQueries({ queryKey: accountsQuery.queryKey })
      onDone()
    },
  })
  const fault = faultsOf(tried, read, add.error)
  const set = (change: Partial<Person>) => setDraft((before) => ({ ...before, ...change }))
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (read.success && !isTaken) add.mutate(read.data)
  }
  return (
    <form className={styles.form} onSubmit={onSubmit} noValidate>
      <Fields>
        <Field
          label="Full name"
          value={draft.fullName}
          fault={fault('fullName')}
          onChange={(event) => set({ fullName: event.currentTarget.value })}
        />
        <Field
          label="User name"
          autoComplete="off"
          value={draft.username}
          fault={tried && isTaken ? 'There is already an account with this user name.' : fault('username')}
          onChange={(event) => set({ username: event.currentTarget.value.toLowerCase() })}
        />
        <Field
          label="First password"
          type="password"
          autoComplete="new-password"
          hint="At least 12 characters. The person chooses another at the first log-in."
          value={draft.password}
          fault={fault('password')}
          onChange={(event) => set({ password: event.currentTarget.value })}
        />
      </Fields>
      {add.isError && <SaveProblem error={add.error} fields={Object.keys(form.shape)} onReload={onDone} />}
      <span>
        <Button type="submit" variant="filled" loading={add.isPending}>
          Add
        </Button>
      </span>
    </form>
  )
}
