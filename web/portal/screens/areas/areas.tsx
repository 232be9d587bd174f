import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import type { KnownArea } from '../../../../schemas/grid/areas.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { SidePanel } from '../../../shared/components/side-panel.tsx'
import { count } from '../../../shared/format/power.ts'
import { areasQuery } from '../../grid-queries.ts'
import { useRefusal } from '../../session.ts'
import { NetworkTabs } from '../network/tabs.tsx'
import { AreaForm } from './area-form.tsx'
import type { Group } from './group.ts'
import { GroupForm } from './group-form.tsx'

/** What the panel is about: `area LPN`, `group UKPN`, or a new one of either. */
const isNew = { area: 'new area', group: 'new group' } as const

const areaColumns: Column<KnownArea>[] = [
  { id: 'code', header: 'Code', accessorFn: ({ code }) => code, cell: ({ row }) => row.original.code },
  { id: 'name', header: 'Licence area', accessorFn: ({ name }) => name, cell: ({ row }) => row.original.name },
]

/** DNO groups and their licence areas: listed, added, changed and removed. */
export function Areas() {
  const query = useQuery(areasQuery)
  const { open } = useSearch({ from: '/inside/licence-areas' })
  const navigate = useNavigate({ from: '/licence-areas' })
  const show = (what: string | undefined) => void navigate({ search: { open: what } })
  const refusal = useRefusal('planner')
  const groups = query.data
  return (
    <Page
      title="Network"
      subtitle={
        groups && `${count(groups.length, 'DNO group')}, ${count(groups.flatMap(areasOf).length, 'licence area')}`
      }
      actions={
        <>
          <Button disabled={refusal !== null} title={refusal ?? undefined} onClick={() => show(isNew.group)}>
            Add a DNO group
          </Button>
          <Button
            variant="filled"
            disabled={refusal !== null || groups?.length === 0}
            title={refusal ?? undefined}
            onClick={() => show(isNew.area)}
          >
            Add a licence area
          </Button>
        </>
      }
      panel={groups && open && <Panel key={open} groups={groups} open={open} onClose={() => show(undefined)} />}
    >
      <NetworkTabs />
      <Loaded query={query}>
        {(loaded) =>
          loaded.length === 0 ? (
            <Section>
              <p>There is no DNO group yet. Add one, then add its licence areas.</p>
            </Section>
          ) : (
            loaded.map((group) => <GroupSection key={group.code} group={group} open={open} show={show} />)
          )
        }
      </Loaded>
    </Page>
  )
}

interface GroupSectionProps {
  group: Group
  open: string | undefined
  show: (what: string) => void
}

/** A group and its areas. */
function GroupSection({ group, open, show }: GroupSectionProps) {
  return (
    <Section
      flush
      title={`${group.name} (${group.code})`}
      actions={
        <Button aria-label={`Change ${group.name}`} onClick={() => show(`group ${group.code}`)}>
          Change
        </Button>
      }
    >
      <DataTable
        label={`Licence areas of ${group.name}`}
        rows={group.areas}
        columns={areaColumns}
        rowKey={({ code }) => `area ${code}`}
        selectedKey={open}
        onOpen={({ code }) => show(`area ${code}`)}
        empty="This group has no licence area."
      />
    </Section>
  )
}

function Panel({ groups, open, onClose }: { groups: readonly Group[]; open: string; onClose: () => void }) {
  const group = groups.find(({ code }) => open === `group ${code}`)
  const area = groups.flatMap(areasOf).find(({ code }) => open === `area ${code}`)
  // Counts how often the stored values were loaded over what was entered.
  const [round, setRound] = useState(0)
  const common = { groups, onDone: onClose, onReload: () => setRound(round + 1) }
  if (group || open === isNew.group)
    return (
      <SidePanel title={group ? group.name : 'Add a DNO group'} onClose={onClose}>
        <GroupForm key={round} group={group ?? null} {...common} />
      </SidePanel>
    )
  if (area || open === isNew.area)
    return (
      <SidePanel title={area ? area.name : 'Add a licence area'} onClose={onClose}>
        <AreaForm key={round} area={area ?? null} {...common} />
      </SidePanel>
    )
  return null
}

const areasOf = ({ areas }: Group) => areas
