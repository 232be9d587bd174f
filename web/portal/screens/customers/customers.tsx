import { Button, Modal } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Customer } from '../../../../schemas/access/customers.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { count } from '../../../shared/format/power.ts'
import { customersQuery } from '../../customer-queries.ts'
import { useRefusal } from '../../session.ts'
import { ConnectionTabs } from '../connections/tabs.tsx'
import { CustomerForm } from './customer-form.tsx'

const columns: Column<Customer>[] = [
  {
    id: 'name',
    header: 'Customer',
    accessorFn: ({ name }) => name,
    cell: ({ row: { original } }) => (
      <Link to="/customers/$customerId" params={{ customerId: original.customerId }}>
        {original.name}
      </Link>
    ),
  },
  {
    id: 'email',
    header: 'Told of new profiles at',
    accessorFn: ({ email }) => email ?? '',
    cell: ({ row }) => row.original.email ?? 'no address',
  },
]

/** Customers who see their own sites here. */
export function Customers() {
  const query = useQuery(customersQuery)
  const navigate = useNavigate()
  const refusal = useRefusal('planner')
  const [isAdding, setAdding] = useState(false)
  const open = (customerId: string) => void navigate({ to: '/customers/$customerId', params: { customerId } })
  return (
    <Page
      title="Connections"
      subtitle={query.data && count(query.data.length, 'customer')}
      actions={
        <Button
          variant="filled"
          disabled={refusal !== null}
          title={refusal ?? undefined}
          onClick={() => setAdding(true)}
        >
          Add a customer
        </Button>
      }
    >
      <ConnectionTabs />
      <Loaded query={query}>
        {(customers) => (
          <Section flush>
            <DataTable
              label="Customers"
              rows={customers}
              columns={columns}
              rowKey={({ customerId }) => customerId}
              onOpen={({ customerId }) => open(customerId)}
              empty="No customer has been added yet. A customer’s people log in here and see their own sites."
            />
          </Section>
        )}
      </Loaded>
      <Modal opened={isAdding} onClose={() => setAdding(false)} title="Add a customer" size={520}>
        {isAdding && <CustomerForm customer={null} onSaved={open} />}
      </Modal>
    </Page>
  )
}
