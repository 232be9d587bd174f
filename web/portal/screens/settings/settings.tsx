import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { SettingInForce } from '../../../../schemas/access/settings.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { count } from '../../../shared/format/power.ts'
import { settingsQuery } from '../../setting-queries.ts'
import { figureWords, shownFigure } from './figures.ts'
import { SettingPanel } from './setting-panel.tsx'

const columns: Column<SettingInForce>[] = [
  {
    id: 'title',
    header: 'Figures of',
    accessorFn: ({ title }) => title,
    cell: ({ row }) => row.original.title,
  },
  {
    id: 'values',
    header: 'In force',
    meta: { from: 'medium' },
    accessorFn: valuesInWords,
    cell: ({ row }) => valuesInWords(row.original),
  },
  {
    id: 'changed',
    header: 'Changed by',
    accessorFn: changedInWords,
    cell: ({ row }) => changedInWords(row.original),
  },
]

/** The figures of the rules, with who changed them. */
export function Settings() {
  const query = useQuery(settingsQuery)
  const { setting: selected } = useSearch({ from: '/inside/settings' })
  const navigate = useNavigate({ from: '/settings' })
  const open = (setting: string | undefined) => void navigate({ search: { setting } })
  const found = query.data?.find(({ settingId }) => settingId === selected)
  return (
    <Page
      title="Settings"
      subtitle={query.data && count(query.data.length, 'group of figures', 'groups of figures')}
      panel={
        found && (
          <SettingPanel key={`${found.settingId} ${found.version}`} setting={found} onClose={() => open(undefined)} />
        )
      }
    >
      <Loaded query={query}>
        {(settings) => (
          <Section flush>
            <DataTable
              label="Settings"
              rows={settings}
              columns={columns}
              rowKey={({ settingId }) => settingId}
              selectedKey={selected}
              onOpen={({ settingId }) => open(settingId)}
              empty="This server has no settings."
            />
          </Section>
        )}
      </Loaded>
    </Page>
  )
}

function valuesInWords({ values }: SettingInForce): string {
  return Object.entries(values)
    .map(([name, value]) => `${figureWords(name)} ${shownFigure(value)}`)
    .join(' · ')
}

function changedInWords({ version, changedBy }: SettingInForce): string {
  return version === 0 ? 'defaults, never changed' : `${changedBy}, version ${version}`
}
