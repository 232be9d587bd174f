import { Button, Modal } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { NoticeTarget } from '../../../../../schemas/market/notices.ts'
import { type Column, DataTable } from '../../../../shared/components/data-table.tsx'
import { Section } from '../../../../shared/components/page.tsx'
import { Loaded } from '../../../../shared/components/query.tsx'
import { noticeTargetsQuery } from '../../../market-queries.ts'
import { addressInWords, TargetMark } from '../../targets/target-fields.tsx'
import { TargetForm } from './target-form.tsx'

const columns: Column<NoticeTarget>[] = [
  { id: 'name', header: 'Target', accessorFn: (target) => target.name, cell: ({ row }) => row.original.name },
  {
    id: 'active',
    header: 'State',
    accessorFn: (target) => Number(target.active),
    cell: ({ row }) => <TargetMark active={row.original.active} />,
  },
  {
    id: 'address',
    header: 'Address',
    meta: { wrap: true },
    accessorFn: (target) => target.address,
    cell: ({ row }) => addressInWords(row.original),
  },
]

/** Where an FSP has its notices sent. */
export function NoticeTargets() {
  const query = useQuery(noticeTargetsQuery)
  const [editing, setEditing] = useState<NoticeTarget | 'new' | null>(null)
  return (
    <>
      <Section title="Sent to" flush actions={<Button onClick={() => setEditing('new')}>Add a target</Button>}>
        <Loaded query={query}>
          {(targets) => (
            <DataTable
              label="Sent to"
              rows={targets}
              columns={columns}
              rowKey={(target) => target.targetId}
              onOpen={setEditing}
              empty="Notices go by e-mail to the contact of your application."
            />
          )}
        </Loaded>
      </Section>
      <Modal
        opened={editing !== null}
        onClose={() => setEditing(null)}
        title={editing === 'new' ? 'Add a target' : 'Change a target'}
        size={520}
      >
        {editing && <TargetForm target={editing === 'new' ? null : editing} onDone={() => setEditing(null)} />}
      </Modal>
    </>
  )
}
