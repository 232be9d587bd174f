import { Button, Checkbox } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { PortalAccount } from '../../../../schemas/access/accounts.ts'
import { operations } from '../../../../schemas/operations.ts'
import type { Role } from '../../../../schemas/vocabulary/roles.ts'
import { api } from '../../../shared/api/client.ts'
import { Choice, Field, Fields } from '../../../shared/components/fields.tsx'
import { Notice } from '../../../shared/components/notice.tsx'
import { SaveProblem } from '../../../shared/components/save-problem.tsx'
import { faultsOf } from '../../../shared/form-faults.ts'
import { roleWords } from '../../../shared/format/words.ts'
import { accountsQuery } from '../../account-queries.ts'
import { customersQuery } from '../../customer-queries.ts'
import { fspsQuery } from '../../queries.ts'
import styles from '../account/account.module.css'
import { type AccountDraft, accountRules, bodyOf, dnoRoles, draftOf, type Side } from './draft.ts'

interface AccountFormProps {
  /** `null` for a new account. */
  account: PortalAccount | null
  /** User names that are in use. */
  taken: readonly string[]
  onDone: (username: string) => void
}

/** Adds an account, or changes whose it is and what its person may do. */
export function AccountForm({ account, taken, onDone }: AccountFormProps) {
  const [draft, setDraft] = useState(() => draftOf(account))
  const [tried, setTried] = useState(false)
  const queries = useQueryClient()
  const read = accountRules(account === null, account ? [] : taken).safeParse(draft)
  const save = useMutation({
    mutationFn: () => api.call(operations.changeAccount, { params: { username: draft.username }, body: bodyOf(draft) }),
    async onSuccess({ username }) {
      await queries.invalidateQueries({ queryKey: accountsQuery.queryKey })
      onDone(username)
    },
  })
  const fault = faultsOf(tried, read, save.error)
  const set = (change: Partial<AccountDraft>) => setDraft((before) => ({ ...before, ...change }))
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (read.success) save.mutate()
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
        {account === null && (
          <Field
            label="User name"
            autoComplete="off"
            value={draft.username}
            fault={fault('username')}
            onChange={(event) => set({ username: event.currentTarget.value.toLowerCase() })}
          />
        )}
        <Field
          label={account === null ? 'First password' : 'New first password'}
          type="password"
          autoComplete="new-password"
          hint={
            account === null
              ? 'At least 12 characters. The person chooses another at the first log-in.'
              : 'Only if the person has forgotten theirs: they choose another at the next log-in.'
          }
          value={draft.password}
          fault={fault('password')}
          onChange={(event) => set({ password: event.currentTarget.value })}
        />
      </Fields>
      <ActsFor draft={draft} fault={fault} set={set} />
      {account && <Notice>Saving ends every session of the account: {account.fullName} has to log in again.</Notice>}
      {save.isError && (
        <SaveProblem error={save.error} fields={Object.keys(draft)} onReload={() => setDraft(draftOf(account))} />
      )}
      <span>
        <Button type="submit" variant="filled" loading={save.isPending}>
          {account === null ? 'Add the account' : 'Save'}
        </Button>
      </span>
    </form>
  )
}

interface PartProps {
  draft: AccountDraft
  fault: (field: string) => string | undefined
  set: (change: Partial<AccountDraft>) => void
}

/** For whom the person acts, and with which rights. */
function ActsFor({ draft, fault, set }: PartProps) {
  const fsps = useQuery(fspsQuery).data?.filter(({ status }) => status === 'accepted') ?? []
  const customers = useQuery(customersQuery).data ?? []
  return (
    <>
      <Fields>
        <Choice
          label="Acts for"
          value={draft.side}
          onChange={(event) => set({ side: event.currentTarget.value as Side })}
        >
          <option value="dno">the network operator</option>
          <option value="fsp">an FSP</option>
          <option value="customer">a customer</option>
        </Choice>
        {draft.side === 'fsp' && (
          <Choice
            label="FSP"
            value={draft.fspId}
            fault={fault('fspId')}
            hint="Sees this FSP’s side of the market only."
            onChange={(event) => set({ fspId: event.currentTarget.value })}
          >
            <option value="">Choose</option>
            {fsps.map(({ fspId, companyName }) => (
              <option key={fspId} value={fspId}>
                {companyName}
              </option>
            ))}
          </Choice>
        )}
        {draft.side === 'customer' && (
          <Choice
            label="Customer"
            value={draft.customerId}
            fault={fault('customerId')}
            hint="Sees this customer’s sites only."
            onChange={(event) => set({ customerId: event.currentTarget.value })}
          >
            <option value="">Choose</option>
            {customers.map(({ customerId, name }) => (
              <option key={customerId} value={customerId}>
                {name}
              </option>
            ))}
          </Choice>
        )}
      </Fields>
      {draft.side === 'dno' && (
        <Checkbox.Group
          size="sm"
          label="Roles"
          value={[...draft.roles]}
          error={fault('roles')}
          onChange={(roles) => set({ roles: roles as Role[] })}
        >
          {dnoRoles.map((one) => (
            <Checkbox key={one} size="xs" my={8} value={one} label={roleWords[one]} description={rights[one]} />
          ))}
        </Checkbox.Group>
      )}
    </>
  )
}

/** What the roles of the network operator are for. */
const rights: Partial<Record<Role, string>> = {
  planner: 'Network, connections, profiles, forecasts',
  'flexibility-engineer': 'FSPs, tenders, contracts, schedules',
  settlement: 'Meter data, statements, disputes',
  operator: 'Alarms, hubs, emergency stop',
  administrator: 'Everything above, and accounts, clients, products and the audit trail',
}
