import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { z } from 'zod'
import type { DataProvider } from '../../../../schemas/access/data-providers.ts'
import { operations } from '../../../../schemas/operations.ts'
import { api } from '../../../shared/api/client.ts'
import { Field, Fields } from '../../../shared/components/fields.tsx'
import { SaveProblem } from '../../../shared/components/save-problem.tsx'
import { faultsOf } from '../../../shared/form-faults.ts'
import { dataProvidersQuery } from '../../data-feed-queries.ts'
import styles from './data-feeds.module.css'
import { identifierFault } from './draft.ts'

interface ProviderFormProps {
  /** `null` for a new one. */
  provider: DataProvider | null
  /** Identifiers that are in use. */
  taken: readonly string[]
  onDone: () => void
  /** Begins again with what is stored. */
  onReload: () => void
}

/** Adds a data provider, or changes its name and contact. */
export function ProviderForm({ provider, taken, onDone, onReload }: ProviderFormProps) {
  const [draft, setDraft] = useState({
    providerId: provider?.providerId ?? '',
    name: provider?.name ?? '',
    email: provider?.email ?? '',
  })
  const [tried, setTried] = useState(false)
  // The version that the form began with: whoever was faster in between is named, not overwritten.
  const [etag] = useState(provider?.etag ?? null)
  const queries = useQueryClient()
  const read = rules(provider ? [] : taken).safeParse(draft)
  const save = useMutation({
    mutationFn: () => {
      const { providerId, name, email } = draft
      const body = { name: name.trim(), email: email.trim() === '' ? null : email.trim() }
      return api.call(operations.saveDataProvider, { params: { providerId }, body, version: etag })
    },
    async onSuccess() {
      await queries.invalidateQueries({ queryKey: dataProvidersQuery.queryKey })
      onDone()
    },
  })
  const fault = faultsOf(tried, read, save.error)
  const field = (name: keyof typeof draft) => ({
    value: draft[name],
    fault: fault(name),
    onChange: ({ currentTarget: { value } }: { currentTarget: { value: string } }) =>
      setDraft((before) => ({ ...before, [name]: value })),
  })
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (read.success) save.mutate()
  }
  return (
    <form className={styles.form} onSubmit={onSubmit} noValidate>
      <Fields>
        <Field label="Name" maxLength={100} {...field('name')} />
        <Field
          label="Identifier"
          hint="Its clients and feeds refer to it. It stays for good."
          disabled={provider !== null}
          {...field('providerId')}
        />
        <Field
          label="E-mail"
          type="email"
          maxLength={200}
          hint="Who is asked when its data do not come. Optional."
          {...field('email')}
        />
      </Fields>
      {save.isError && <SaveProblem error={save.error} fields={[]} onReload={onReload} />}
      <span>
        <Button type="submit" variant="filled" loading={save.isPending}>
          {provider ? 'Save' : 'Add'}
        </Button>
      </span>
    </form>
  )
}

function rules(taken: readonly string[]) {
  return z.object({
    name: z.string().trim().min(1, 'Enter the name of the company.'),
    providerId: z.string().superRefine((id, context) => {
      const message = identifierFault(id, taken)
      if (message) context.addIssue({ code: 'custom', message })
    }),
    email: z.string().refine((email) => email.trim() === '' || z.email().safeParse(email.trim()).success, {
      message: 'This is not an e-mail address, such as data@cityrides.example.',
    }),
  })
}
