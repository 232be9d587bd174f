import { Button, Modal } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { PortalAccount } from '../../../../schemas/access/accounts.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Nothing } from '../../../shared/components/notice.tsx'
import { Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { accountsQuery } from '../../account-queries.ts'
import { useRefusal } from '../../session.ts'
import { PersonForm } from './person-form.tsx'

const columns: Column<PortalAccount>[] = [
  { id: 'name', header: 'Name', accessorFn: ({ fullName }) => fullName, cell: ({ row }) => row.original.fullName },
  { id: 'user', header: 'User name', accessorFn: ({ username }) => username, cell: ({ row }) => row.original.username },
  {
    id: 'active',
    header: 'State',
    accessorFn: ({ active }) => Number(active),
    cell: ({ row }) => (row.original.active ? 'active' : 'disabled'),
  },
]

/** The people who log in for a customer. Only administrators see and add accounts. */
export function People({ customerId }: { customerId: string }) {
  const refusal = useRefusal('administrator')
  if (refusal === null) return <Accounts customerId={customerId} />
  return (
    <Section title="People">
      <Nothing>Only administrators see and add the people who log in for a customer.</Nothing>
    </Section>
  )
}

function Accounts({ customerId }: { customerId: string }) {
  const query = useQuery(accountsQuery)
  const [isAdding, setAdding] = useState(false)
  return (
    <Section title="People" flush actions={<Button onClick={() => setAdding(true)}>Add a person</Button>}>
      <Loaded query={query}>
        {(accounts) => (
          <>
            <DataTable
              label="People"
              rows={accounts.filter((account) => account.customerId === customerId)}
              columns={columns}
              rowKey={({ username }) => username}
              empty="Nobody logs in for this customer yet."
            />
            <Modal opened={isAdding} onClose={() => setAdding(false)} title="Add a person" size={520}>
              {isAdding && (
                <PersonForm
                  customerId={customerId}
                  taken={accounts.map(({ username }) => username)}
                  onDone={() => setAdding(false)}
                />
              )}
            </Modal>
          </>
        )}
      </Loaded>
    </Section>
  )
}
