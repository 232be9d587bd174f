import { Button, Modal } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import type { PortalAccount } from '../../../../schemas/access/accounts.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { count } from '../../../shared/format/power.ts'
import { roleWords } from '../../../shared/format/words.ts'
import { accountsQuery } from '../../account-queries.ts'
import { ForAdministrators } from '../administration/for-administrators.tsx'
import { AdministrationTabs } from '../administration/tabs.tsx'
import { AccountForm } from './account-form.tsx'
import { AccountPanel } from './account-panel.tsx'

const columns: Column<PortalAccount>[] = [
  {
    id: 'name',
    header: 'Name',
    accessorFn: (account) => account.fullName,
    cell: ({ row }) => row.original.fullName,
  },
  {
    id: 'username',
    header: 'User name',
    meta: { from: 'medium' },
    accessorFn: (account) => account.username,
    cell: ({ row }) => row.original.username,
  },
  {
    id: 'roles',
    header: 'Roles',
    meta: { from: 'medium' },
    accessorFn: rolesOf,
    cell: ({ row }) => rolesOf(row.original),
  },
  {
    id: 'active',
    header: 'State',
    accessorFn: (account) => Number(account.active),
    cell: ({ row }) => <State account={row.original} />,
  },
  {
    id: 'factor',
    header: 'Second factor',
    accessorFn: factorInWords,
    cell: ({ row }) => factorInWords(row.original),
  },
]

/** Everybody’s accounts; those that are disabled last. */
export function Accounts() {
  return (
    <ForAdministrators title="Accounts">
      <List />
    </ForAdministrators>
  )
}

function List() {
  const query = useQuery(accountsQuery)
  const { account: selected } = useSearch({ from: '/inside/accounts' })
  const navigate = useNavigate({ from: '/accounts' })
  const open = (username: string | undefined) => void navigate({ search: { account: username } })
  const account = query.data?.find(({ username }) => username === selected)
  const [isAdding, setAdding] = useState(false)
  const taken = query.data?.map(({ username }) => username) ?? []
  return (
    <Page
      title="Accounts"
      subtitle={query.data && count(query.data.length, 'account')}
      actions={
        <Button variant="filled" onClick={() => setAdding(true)}>
          Add an account
        </Button>
      }
      panel={account && <AccountPanel key={account.username} account={account} onClose={() => open(undefined)} />}
    >
      <AdministrationTabs />
      <Loaded query={query}>
        {(accounts) => (
          <Section flush>
            <DataTable
              label="Accounts"
              rows={accounts}
              columns={columns}
              rowKey={({ username }) => username}
              sorting={[{ id: 'active', desc: true }]}
              selectedKey={selected}
              onOpen={({ username }) => open(username)}
              empty="There are no accounts."
            />
          </Section>
        )}
      </Loaded>
      <Modal opened={isAdding} onClose={() => setAdding(false)} title="Add an account" size={560}>
        {isAdding && (
          <AccountForm
            account={null}
            taken={taken}
            onDone={(username) => {
              setAdding(false)
              open(username)
            }}
          />
        )}
      </Modal>
    </Page>
  )
}

function State({ account }: { account: PortalAccount }) {
  return account.active ? (
    <Mark word="Active" tone="normal" shape="ring" />
  ) : (
    <Mark word="Disabled" tone="quiet" shape="bar" />
  )
}

function rolesOf({ roles }: PortalAccount): string {
  return roles.map((role) => roleWords[role]).join(', ')
}

function factorInWords({ external, hasSecondFactor }: PortalAccount): string {
  if (external) return 'elsewhere'
  return hasSecondFactor ? 'yes' : 'no'
}
