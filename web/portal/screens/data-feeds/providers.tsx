import { Button, Modal } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { DataProvider } from '../../../../schemas/access/data-providers.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { LinkButton } from '../../../shared/components/link-button.tsx'
import { Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { dataProvidersQuery } from '../../data-feed-queries.ts'
import { ProviderForm } from './provider-form.tsx'

const columns: Column<DataProvider>[] = [
  { id: 'name', header: 'Company', accessorFn: ({ name }) => name, cell: ({ row }) => row.original.name },
  {
    id: 'id',
    header: 'Identifier',
    meta: { from: 'medium' },
    accessorFn: ({ providerId }) => providerId,
    cell: ({ row }) => row.original.providerId,
  },
  {
    id: 'email',
    header: 'Who is asked',
    accessorFn: ({ email }) => email ?? '',
    cell: ({ row }) => row.original.email ?? 'no address',
  },
]

/** The companies that deliver data. @param refusal why this person may not change them */
export function Providers({ refusal }: { refusal: string | null }) {
  const query = useQuery(dataProvidersQuery)
  const [edited, setEdited] = useState<DataProvider | 'new' | null>(null)
  const close = () => setEdited(null)
  const reload = async (providerId: string | null) => {
    const { data } = await query.refetch()
    setEdited(data?.find((provider) => provider.providerId === providerId) ?? null)
  }
  return (
    <Section
      title="Companies"
      flush
      actions={
        <>
          {refusal === null && <LinkButton to="/clients">Their API clients</LinkButton>}
          <Button disabled={refusal !== null} title={refusal ?? undefined} onClick={() => setEdited('new')}>
            Add a data provider
          </Button>
        </>
      }
    >
      <Loaded query={query}>
        {(providers) => (
          <DataTable
            label="Data providers"
            rows={providers}
            columns={columns}
            rowKey={({ providerId }) => providerId}
            {...(refusal === null ? { onOpen: setEdited } : {})}
            empty="No company delivers data yet."
          />
        )}
      </Loaded>
      <Modal
        opened={edited !== null}
        onClose={close}
        title={edited === 'new' ? 'Add a data provider' : 'Change a data provider'}
        size={520}
      >
        {edited && (
          <ProviderForm
            key={edited === 'new' ? 'new' : edited.etag}
            provider={edited === 'new' ? null : edited}
            taken={query.data?.map(({ providerId }) => providerId) ?? []}
            onDone={close}
            onReload={() => void reload(edited === 'new' ? null : edited.providerId)}
          />
        )}
      </Modal>
    </Section>
  )
}
