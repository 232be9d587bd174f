import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { z } from 'zod'
import type { limitRecord } from '../../../../../schemas/dispatch/import-limits.ts'
import { type Column, DataTable } from '../../../../shared/components/data-table.tsx'
import { LinkButton } from '../../../../shared/components/link-button.tsx'
import { Mark } from '../../../../shared/components/mark.tsx'
import { Notice } from '../../../../shared/components/notice.tsx'
import { Page, Section } from '../../../../shared/components/page.tsx'
import { Loaded } from '../../../../shared/components/query.tsx'
import { count } from '../../../../shared/format/power.ts'
import { dayAndTime, utc } from '../../../../shared/format/time.ts'
import { importLimitsQuery } from '../../../dispatch-queries.ts'
import { connectionsQuery, fspsQuery } from '../../../queries.ts'
import { LimitPanel } from './limit-panel.tsx'
import { limitCauseWords, limitInWords, limitStateWords, urgencyOf } from './words.ts'

export type LimitRecord = z.infer<typeof limitRecord>

interface Row extends LimitRecord {
  site: string
  fsp: string
}

const columns: Column<Row>[] = [
  {
    id: 'state',
    header: 'State',
    accessorFn: urgencyOf,
    cell: ({ row }) => <Mark {...limitStateWords[row.original.state]} />,
  },
  {
    id: 'site',
    header: 'Connection',
    accessorFn: ({ site }) => site,
    cell: ({ row: { original } }) => (
      <Link to="/connections/$connectionId" params={{ connectionId: original.connectionId }}>
        {original.site}
      </Link>
    ),
  },
  {
    id: 'fsp',
    header: 'FSP',
    meta: { from: 'medium' },
    accessorFn: ({ fsp }) => fsp,
    cell: ({ row }) => row.original.fsp,
  },
  {
    id: 'limit',
    header: 'May import',
    meta: { wrap: true, from: 'medium' },
    enableSorting: false,
    cell: ({ row }) => limitInWords(row.original),
  },
  {
    id: 'cause',
    header: 'Cause',
    meta: { from: 'wide' },
    accessorFn: ({ cause }) => cause,
    cell: ({ row }) => limitCauseWords[row.original.cause],
  },
  {
    id: 'issued',
    header: 'Issued',
    meta: { align: 'right' },
    accessorFn: ({ issuedAt }) => Date.parse(issuedAt),
    cell: ({ row: { original } }) => <time title={utc(original.issuedAt)}>{dayAndTime(original.issuedAt)}</time>,
  },
]

/** What FSPs were told that connections may import, the latest first where nothing needs somebody. */
export function ImportLimits() {
  const { connection, limit } = useSearch({ from: '/inside/import-limits' })
  const navigate = useNavigate({ from: '/import-limits' })
  const query = useQuery(importLimitsQuery(connection))
  const sites = useQuery(connectionsQuery).data
  const fsps = useQuery(fspsQuery).data
  const rows = useMemo(
    () =>
      (query.data?.items ?? [])
        .map((each) => ({
          ...each,
          site: sites?.find(({ connectionId }) => connectionId === each.connectionId)?.name ?? each.connectionId,
          fsp: fsps?.find(({ fspId }) => fspId === each.fspId)?.companyName ?? each.fspId,
        }))
        .toSorted((a, b) => urgencyOf(a) - urgencyOf(b) || Date.parse(b.issuedAt) - Date.parse(a.issuedAt)),
    [query.data, sites, fsps],
  )
  const open = rows.find(({ limitId }) => limitId === limit)
  const unsettled = rows.filter((row) => urgencyOf(row) < 3).length
  const site = sites?.find(({ connectionId }) => connectionId === connection)
  return (
    <Page
      title="Import limits"
      subtitle={query.data && subtitleOf(rows.length, unsettled, site?.name)}
      actions={
        <>
          {connection && <LinkButton to="/import-limits">All connections</LinkButton>}
          <LinkButton to="/dispatch">Dispatch board</LinkButton>
        </>
      }
      panel={
        open && (
          <LimitPanel
            key={open.limitId}
            limit={open}
            site={open.site}
            fsp={open.fsp}
            onClose={() => void navigate({ search: { connection } })}
          />
        )
      }
    >
      {query.data?.nextCursor && <Notice>The latest {count(rows.length, 'limit')} are shown.</Notice>}
      <Loaded query={query}>
        {() => (
          <Section flush>
            <DataTable
              label="Import limits"
              rows={rows}
              columns={columns}
              rowKey={({ limitId }) => limitId}
              selectedKey={limit}
              onOpen={({ limitId }) => void navigate({ search: { connection, limit: limitId } })}
              empty="No import limit has been sent. A connection’s page says when its FSPs are sent one."
            />
          </Section>
        )}
      </Loaded>
    </Page>
  )
}

function subtitleOf(all: number, unsettled: number, site: string | undefined): string {
  const where = site ? ` at ${site}` : ''
  if (unsettled > 0) return `${count(unsettled, 'limit')}${where} not in force at the FSP`
  return `${count(all, 'limit')}${where}; none was refused, unanswered or lapsed`
}
