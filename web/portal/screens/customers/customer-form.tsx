import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { type Customer, customerForm } from '../../../../schemas/access/customers.ts'
import { operations } from '../../../../schemas/operations.ts'
import { api } from '../../../shared/api/client.ts'
import { Field, Fields } from '../../../shared/components/fields.tsx'
import { Notice } from '../../../shared/components/notice.tsx'
import { SaveProblem } from '../../../shared/components/save-problem.tsx'
import { faultsOf } from '../../../shared/form-faults.ts'
import { customersQuery } from '../../customer-queries.ts'
import { useRefusal } from '../../session.ts'
import styles from './customers.module.css'

interface CustomerFormProps {
  /** `null` for a new one. */
  customer: Customer | null
  onSaved?: (customerId: string) => void
  /** Begins again with what is stored. */
  onReload?: () => void
}

/** Adds a customer, or changes its name or address. */
export function CustomerForm({ customer, onSaved, onReload }: CustomerFormProps) {
  const [name, setName] = useState(customer?.name ?? '')
  const [email, setEmail] = useState(customer?.email ?? '')
  const [tried, setTried] = useState(false)
  // One identifier for all attempts: a second one after a lost answer adds nothing.
  const [customerId] = useState(() => customer?.customerId ?? crypto.randomUUID())
  const [version, setVersion] = useState(customer?.etag ?? null)
  const queries = useQueryClient()
  const refusal = useRefusal('planner')
  const read = customerForm.safeParse({ name, email: email.trim() === '' ? null : email.trim() })
  const save = useMutation({
    mutationFn: (body: { name: string; email: string | null }) =>
      api.call(operations.saveCustomer, { params: { customerId }, body, version }),
    async onSuccess({ etag }) {
      setVersion(etag)
      await queries.invalidateQueries({ queryKey: customersQuery.queryKey })
      onSaved?.(customerId)
    },
  })
  const fault = faultsOf(tried, read, save.error)
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
          maxLength={200}
          value={name}
          fault={fault('name')}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Field
          label="E-mail"
          type="email"
          maxLength={200}
          hint="Receives a message when a profile of one of its sites is approved. Optional."
          value={email}
          fault={fault('email')}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
      </Fields>
      {save.isError && <SaveProblem error={save.error} fields={['name', 'email']} onReload={() => onReload?.()} />}
      {save.isSuccess && customer && <Notice>Saved.</Notice>}
      <span>
        <Button
          type="submit"
          variant="filled"
          loading={save.isPending}
          disabled={refusal !== null}
          title={refusal ?? undefined}
        >
          {customer ? 'Save' : 'Add'}
        </Button>
      </span>
    </form>
  )
}
