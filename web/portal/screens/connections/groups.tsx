import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { ConnectionGroup } from '../../../../schemas/grid/groups.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { PanelFacts, PanelPart, SidePanel } from '../../../shared/components/side-panel.tsx'
import { count, fixed } from '../../../shared/format/power.ts'
import { connectionGroupsQuery } from '../../grid-queries.ts'
import { useRefusal } from '../../session.ts'
import { NodeName } from '../network/node-name.tsx'
import { GroupMembers, NewGroup } from './group-forms.tsx'
import { ConnectionTabs } from './tabs.tsx'

const columns: Column<ConnectionGroup>[] = [
  { id: 'name', header: 'Group', accessorFn: ({ name }) => name, cell: ({ row }) => row.original.name },
  {
    id: 'node',
    header: 'Fed through',
    accessorFn: ({ nodeId }) => nodeId,
    cell: ({ row }) => <NodeName nodeId={row.original.nodeId} />,
  },
  {
    id: 'connections',
    header: 'Connections',
    meta: { align: 'right' },
    accessorFn: ({ connections }) => connections,
    cell: ({ row }) => fixed(row.original.connections, 0),
  },
]

/** Groups of connections that the DNO treats as one place of the network, over which FUs may be spread. */
export function ConnectionGroups() {
  const query = useQuery(connectionGroupsQuery)
  const { open, add } = useSearch({ from: '/inside/connection-groups' })
  const navigate = useNavigate({ from: '/connection-groups' })
  const refusal = useRefusal('planner', 'flexibility-engineer')
  const close = () => void navigate({ search: {} })
  const show = (groupId: string) => void navigate({ search: { open: groupId } })
  const chosen = query.data?.find(({ groupId }) => groupId === open)
  return (
    <Page
      title="Connections"
      subtitle={query.data && count(query.data.length, 'group')}
      actions={
        <Button
          variant="filled"
          disabled={refusal !== null}
          title={refusal ?? undefined}
          onClick={() => void navigate({ search: { add: true } })}
        >
          New group
        </Button>
      }
      panel={
        add ? (
          <SidePanel key="new" title="New group" onClose={close}>
            <NewGroup onDone={show} />
          </SidePanel>
        ) : (
          chosen && <GroupPanel key={chosen.groupId} group={chosen} onClose={close} />
        )
      }
    >
      <ConnectionTabs />
      <Section flush>
        <Loaded query={query}>
          {(groups) => (
            <DataTable
              label="Groups of connections"
              rows={groups}
              columns={columns}
              rowKey={({ groupId }) => groupId}
              selectedKey={open}
              onOpen={({ groupId }) => show(groupId)}
              empty="There is no group yet. FUs of many homes, which are one place of the network, are spread over a group."
            />
          )}
        </Loaded>
      </Section>
    </Page>
  )
}

function GroupPanel({ group, onClose }: { group: ConnectionGroup; onClose: () => void }) {
  return (
    <SidePanel title={group.name} onClose={onClose}>
      <PanelPart>
        <PanelFacts
          items={[
            ['Fed through', <NodeName key="node" nodeId={group.nodeId} />],
            ['Connections', fixed(group.connections, 0)],
          ]}
        />
      </PanelPart>
      <PanelPart title="Add connections">
        <GroupMembers group={group} />
      </PanelPart>
    </SidePanel>
  )
}
