import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type Authority, authorityState } from '../../../../../schemas/market/authorities.ts'
import { type Column, DataTable } from '../../../../shared/components/data-table.tsx'
import { LinkButton } from '../../../../shared/components/link-button.tsx'
import { Mark } from '../../../../shared/components/mark.tsx'
import { Page, Section } from '../../../../shared/components/page.tsx'
import { Loaded } from '../../../../shared/components/query.tsx'
import { count } from '../../../../shared/format/power.ts'
import { shortDay } from '../../../../shared/format/time.ts'
import { authoritiesQuery } from '../../../market-queries.ts'
import { useOwnFsp } from '../../../session.ts'
import { MarketTabs } from '../tabs.tsx'
import { AuthorityPanel } from './authority-panel.tsx'
import { authorityStateWords } from './words.ts'

const columns: Column<Authority>[] = [
  { id: 'mpan', header: 'MPAN', accessorFn: ({ mpan }) => mpan, cell: ({ row }) => row.original.mpan },
  {
    id: 'state',
    header: 'State',
    accessorFn: ({ state }) => authorityState.options.indexOf(state),
    cell: ({ row }) => <Mark {...authorityStateWords[row.original.state]} />,
  },
  {
    id: 'fsp',
    header: 'FSP',
    meta: { from: 'medium' },
    accessorFn: ({ atDno }) => atDno?.fspName ?? '',
    cell: ({ row }) => row.original.atDno?.fspName,
  },
  {
    id: 'connection',
    header: 'Connection',
    meta: { from: 'medium' },
    accessorFn: ({ atDno }) => atDno?.connection?.name ?? '',
    cell: ({ row }) => row.original.atDno?.connection?.name ?? 'none',
  },
  {
    id: 'from',
    header: 'From',
    meta: { align: 'right' },
    accessorFn: ({ from }) => from,
    cell: ({ row }) => shortDay(row.original.from),
  },
  {
    id: 'until',
    header: 'Ends before',
    meta: { align: 'right', from: 'medium' },
    accessorFn: ({ until }) => until ?? '',
    cell: ({ row }) => (row.original.until ? shortDay(row.original.until) : ''),
  },
]

/** FSPs' authority over MPANs, undecided applications first; an FSP sees its own. */
export function Authorities() {
  const { state, authority: openId } = useSearch({ from: '/inside/market/authorities' })
  const query = useQuery(authoritiesQuery)
  const navigate = useNavigate({ from: '/market/authorities' })
  const isFsp = useOwnFsp() !== null
  const all = query.data ?? []
  const rows = state ? all.filter((each) => each.state === state) : all
  const open = all.find(({ authorityId }) => authorityId === openId)
  const waiting = all.filter((each) => each.state === 'applied').length
  return (
    <Page
      title="Market"
      subtitle={query.data && (waiting > 0 ? `${count(waiting, 'application')} undecided` : count(all.length, 'MPAN'))}
      actions={
        isFsp ? (
          <>
            <LinkButton to="/market/import-mpans">Apply by file</LinkButton>
            <LinkButton to="/market/new-authority">Apply for MPANs</LinkButton>
          </>
        ) : undefined
      }
      panel={
        open && (
          <AuthorityPanel
            key={open.authorityId}
            authority={open}
            waiting={all.filter((each) => each.state === 'applied' && each.applicationId === open.applicationId).length}
            onClose={() => void navigate({ search: ({ authority: _, ...rest }) => rest })}
          />
        )
      }
    >
      <MarketTabs />
      <Loaded query={query}>
        {() => (
          <Section
            flush
            actions={
              <select
                className="rm-select"
                aria-label="State"
                value={state ?? ''}
                onChange={({ currentTarget: { value } }) =>
                  void navigate({ search: value === '' ? {} : { state: value as Authority['state'] } })
                }
              >
                <option value="">Every state</option>
                {authorityState.options.map((each) => (
                  <option key={each} value={each}>
                    {authorityStateWords[each].word}
                  </option>
                ))}
              </select>
            }
          >
            <DataTable
              label="Authority over MPANs"
              rows={rows}
              columns={isFsp ? columns.filter(({ id }) => id !== 'fsp' && id !== 'connection') : columns}
              rowKey={({ authorityId }) => authorityId}
              selectedKey={openId}
              onOpen={({ authorityId }) => void navigate({ search: (now) => ({ ...now, authority: authorityId }) })}
              sorting={[{ id: 'state', desc: false }]}
              empty={isFsp ? 'You have not applied for an MPAN yet.' : 'No FSP has applied for an MPAN yet.'}
            />
          </Section>
        )}
      </Loaded>
    </Page>
  )
}
