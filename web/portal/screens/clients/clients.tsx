import { Button, Modal } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import type { ApiClient } from '../../../../schemas/access/clients.ts'
import { useNow } from '../../../shared/clock.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { Age } from '../../../shared/components/measured.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { count } from '../../../shared/format/power.ts'
import { clientsQuery } from '../../account-queries.ts'
import { customersQuery } from '../../customer-queries.ts'
import { dataProvidersQuery } from '../../data-feed-queries.ts'
import { fspsQuery } from '../../queries.ts'
import { ForAdministrators } from '../administration/for-administrators.tsx'
import { AdministrationTabs } from '../administration/tabs.tsx'
import { ClientPanel } from './client-panel.tsx'
import { conditionOf, lastsUntil, urgencyOf } from './conditions.ts'
import { NewClient } from './new-client.tsx'
import { authenticationWords, type Owners, ownerOf } from './words.ts'

/** The programs that may call the API: whose they are, what they prove themselves with, and until when. */
export function Clients() {
  return (
    <ForAdministrators title="API clients">
      <List />
    </ForAdministrators>
  )
}

function List() {
  const query = useQuery(clientsQuery)
  const owners = useOwners()
  const { client: selected } = useSearch({ from: '/inside/clients' })
  const navigate = useNavigate({ from: '/clients' })
  const [isAdding, setAdding] = useState(false)
  const now = useMinute()
  const open = (clientId: string | undefined) => void navigate({ search: { client: clientId } })
  const client = query.data?.find(({ clientId }) => clientId === selected)
  const urgent = query.data?.filter((each) => urgencyOf(each, now) < 2).length ?? 0
  return (
    <Page
      title="API clients"
      subtitle={query.data && subtitleOf(query.data.length, urgent)}
      actions={
        <Button variant="filled" onClick={() => setAdding(true)}>
          Create a client
        </Button>
      }
      panel={
        client && (
          <ClientPanel
            key={client.clientId}
            client={client}
            owner={ownerOf(client, owners)}
            onClose={() => open(undefined)}
          />
        )
      }
    >
      <AdministrationTabs />
      <Loaded query={query}>
        {(clients) => (
          <Section flush>
            <DataTable
              label="API clients"
              rows={clients.toSorted((a, b) => urgencyOf(a, now) - urgencyOf(b, now))}
              columns={columnsOf(owners, now)}
              rowKey={({ clientId }) => clientId}
              selectedKey={selected}
              onOpen={({ clientId }) => open(clientId)}
              empty="No program calls the API yet. Those of FSPs come with their applications; create those of gateways, customers and data providers here."
            />
          </Section>
        )}
      </Loaded>
      <Modal opened={isAdding} onClose={() => setAdding(false)} title="Create a client" size={560}>
        {isAdding && (
          <NewClient
            taken={query.data?.map(({ clientId }) => clientId) ?? []}
            onDone={(clientId) => {
              setAdding(false)
              open(clientId)
            }}
          />
        )}
      </Modal>
    </Page>
  )
}

function subtitleOf(all: number, urgent: number): string {
  if (urgent === 0) return `${count(all, 'client')}; none needs another key or secret soon`
  return `${count(urgent, 'client needs', 'clients need')} another key or secret, of ${count(all, 'client')}`
}

/** The server's time to the minute: an end that is days away does not draw the table anew each second. */
function useMinute(): number {
  return Math.floor(useNow() / 60_000) * 60_000
}

function useOwners(): Owners {
  return {
    fsps: useQuery(fspsQuery).data ?? [],
    customers: useQuery(customersQuery).data ?? [],
    providers: useQuery(dataProvidersQuery).data ?? [],
  }
}

function columnsOf(owners: Owners, now: number): Column<ApiClient>[] {
  return [
    {
      id: 'owner',
      header: 'Whose',
      accessorFn: (client) => ownerOf(client, owners),
      cell: ({ row }) => ownerOf(row.original, owners),
    },
    {
      id: 'client',
      header: 'Client',
      accessorFn: ({ clientId }) => clientId,
      cell: ({ row }) => row.original.clientId,
    },
    {
      id: 'condition',
      header: 'State',
      accessorFn: (client) => urgencyOf(client, now),
      cell: ({ row }) => <Mark {...conditionOf(row.original, now)} />,
    },
    {
      id: 'authentication',
      header: 'Proves itself with',
      meta: { from: 'wide' },
      accessorFn: ({ authentication }) => authentication,
      cell: ({ row }) => authenticationWords[row.original.authentication],
    },
    {
      id: 'until',
      header: 'Lasts until',
      meta: { align: 'right', from: 'wide' },
      accessorFn: (client) => lastsUntil(client, now) ?? Number.POSITIVE_INFINITY,
      cell: ({ row }) => untilInWords(row.original, now),
    },
    {
      id: 'used',
      header: 'Last used',
      meta: { align: 'right', from: 'medium' },
      accessorFn: ({ lastUsedAt }) => lastUsedAt ?? '',
      cell: ({ row }) => (row.original.lastUsedAt ? <Age at={row.original.lastUsedAt} /> : 'never'),
    },
  ]
}

function untilInWords(client: ApiClient, now: number): string {
  const until = lastsUntil(client, now)
  if (until !== null) return new Date(until).toISOString().slice(0, 10)
  return client.credentials.length === 0 ? '–' : 'no end'
}
