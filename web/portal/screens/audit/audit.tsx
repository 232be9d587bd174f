import { Button } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { AuditEntry } from '../../../../schemas/access/audit.ts'
import { operations } from '../../../../schemas/operations.ts'
import { addressOf } from '../../../shared/api/client.ts'
import { useToday } from '../../../shared/clock.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { addDays, dayAndTime, utc } from '../../../shared/format/time.ts'
import { accountsQuery } from '../../account-queries.ts'
import { auditQuery } from '../../audit-queries.ts'
import { ForAdministrators } from '../administration/for-administrators.tsx'
import { AdministrationTabs } from '../administration/tabs.tsx'
import styles from './audit.module.css'
import { ChainState } from './chain-state.tsx'
import { EntryPanel } from './entry-panel.tsx'
import { type NameOf, useNames } from './names.ts'
import { type AuditSearch, filterOf } from './search.ts'
import { SearchForm } from './search-form.tsx'

const columnsWith = (nameOf: NameOf): Column<AuditEntry>[] => [
  {
    id: 'at',
    header: 'When',
    enableSorting: false,
    accessorFn: ({ at }) => at,
    cell: ({ row: { original } }) => <time title={utc(original.at)}>{dayAndTime(original.at)}</time>,
  },
  { id: 'actor', header: 'Who', enableSorting: false, cell: ({ row }) => row.original.actor },
  { id: 'action', header: 'Did', enableSorting: false, cell: ({ row }) => row.original.action },
  {
    id: 'subject',
    header: 'To',
    enableSorting: false,
    meta: { from: 'medium' },
    cell: ({ row: { original } }) => (
      <span title={original.subjectId}>
        {original.subjectType} {nameOf(original) ?? original.subjectId}
      </span>
    ),
  },
  {
    id: 'position',
    header: 'Entry',
    enableSorting: false,
    meta: { align: 'right', from: 'wide' },
    cell: ({ row }) => row.original.position,
  },
]

/** Who did what to which thing, when: searched, opened entry by entry, and checked for what was altered behind it. */
export function Audit() {
  return (
    <ForAdministrators title="Audit trail">
      <Trail />
    </ForAdministrators>
  )
}

function Trail() {
  const { entry, ...search } = useSearch({ from: '/inside/audit' })
  const navigate = useNavigate({ from: '/audit' })
  const accounts = useQuery(accountsQuery)
  const open = (position: number | undefined) => void navigate({ search: { ...search, entry: position } })
  return (
    <Page
      title="Audit trail"
      subtitle="Who did what to which thing, when. Nobody can change an entry."
      panel={entry && <EntryPanel key={entry} position={entry} onClose={() => open(undefined)} />}
    >
      <AdministrationTabs />
      <ChainState />
      <Section>
        <SearchForm
          key={JSON.stringify(search)}
          search={search}
          accounts={accounts.data ?? []}
          onSearch={(wanted) => void navigate({ search: wanted })}
        />
      </Section>
      <Loaded query={accounts}>
        {(all) => <Found search={search} filter={filterOf(search, all)} selected={entry} onOpen={open} />}
      </Loaded>
    </Page>
  )
}

interface FoundProps {
  search: AuditSearch
  filter: ReturnType<typeof filterOf>
  selected: number | undefined
  onOpen: (position: number) => void
}

function Found({ search, filter, selected, onOpen }: FoundProps) {
  const query = useInfiniteQuery(auditQuery(filter))
  return (
    <Loaded query={query}>
      {({ pages }) => (
        <Section flush title="Entries, newest first" actions={<Download search={search} filter={filter} />}>
          <Entries rows={pages.flatMap(({ items }) => items)} selected={selected} onOpen={onOpen} />
          {query.hasNextPage && (
            <div className={styles.more}>
              <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                Show older entries
              </Button>
            </div>
          )}
        </Section>
      )}
    </Loaded>
  )
}

function Entries({ rows, selected, onOpen }: { rows: AuditEntry[] } & Pick<FoundProps, 'selected' | 'onOpen'>) {
  const nameOf = useNames(rows)
  const columns = useMemo(() => columnsWith(nameOf), [nameOf])
  return (
    <DataTable
      label="Entries"
      rows={rows}
      columns={columns}
      rowKey={({ position }) => String(position)}
      selectedKey={selected === undefined ? undefined : String(selected)}
      onOpen={({ position }) => onOpen(position)}
      empty="No entry fits this search. Widen it: leave out the action, or take in more days."
    />
  )
}

/** What was found, as a file; of the last 31 days where the search names none, because a file has a beginning and an end. */
function Download({ search, filter }: Pick<FoundProps, 'search' | 'filter'>) {
  const today = useToday()
  const to = search.to ?? today
  const from = search.from ?? addDays(to, -30)
  const query = { ...filter, ...daysOf(from, to) }
  return (
    <Button component="a" href={addressOf(operations.downloadAuditCsv, { query })} download>
      {search.from === undefined ? 'Download 31 days as CSV' : 'Download CSV'}
    </Button>
  )
}

function daysOf(from: string, to: string): { from: string; until: string } {
  const { from: begin = '', until = '' } = filterOf({ from, to }, [])
  return { from: begin, until }
}
