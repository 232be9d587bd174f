import { Button, Modal } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type AlarmTarget, alarmPriority } from '../../../../schemas/grid/alarms.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { count } from '../../../shared/format/power.ts'
import { priorityWords } from '../../../shared/format/words.ts'
import { alarmTargetsQuery } from '../../queries.ts'
import { useRefusal } from '../../session.ts'
import { addressInWords, TargetMark } from '../targets/target-fields.tsx'
import { DeadNotices } from './dead-notices.tsx'
import { AlarmTabs } from './tabs.tsx'
import { TargetForm } from './target-form.tsx'

const columns: Column<AlarmTarget>[] = [
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
    meta: { from: 'medium' },
    accessorFn: (target) => target.address,
    cell: ({ row }) => addressInWords(row.original),
  },
  {
    id: 'priority',
    header: 'From priority',
    accessorFn: (target) => alarmPriority.options.indexOf(target.fromPriority),
    cell: ({ row }) => priorityWords[row.original.fromPriority].word,
  },
]

/** Where alarms are sent to, and what could not be delivered. */
export function Targets() {
  const query = useQuery(alarmTargetsQuery)
  const refusal = useRefusal('administrator')
  const [editing, setEditing] = useState<AlarmTarget | 'new' | null>(null)
  return (
    <Page
      title="Alarms"
      subtitle={query.data && `Sent to ${count(query.data.filter((target) => target.active).length, 'target')}`}
      actions={
        <Button
          variant="filled"
          disabled={refusal !== null}
          title={refusal ?? undefined}
          onClick={() => setEditing('new')}
        >
          Add a target
        </Button>
      }
    >
      <AlarmTabs />
      <Loaded query={query}>
        {(targets) => (
          <Section flush>
            <DataTable
              label="Targets"
              rows={targets}
              columns={columns}
              rowKey={(target) => target.targetId}
              {...(refusal === null && { onOpen: setEditing })}
              empty="Alarms are shown here only: no target has been added."
            />
          </Section>
        )}
      </Loaded>
      <DeadNotices />
      <Modal
        opened={editing !== null}
        onClose={() => setEditing(null)}
        title={editing === 'new' ? 'Add a target' : 'Change a target'}
        size={520}
      >
        {editing && <TargetForm target={editing === 'new' ? null : editing} onDone={() => setEditing(null)} />}
      </Modal>
    </Page>
  )
}
