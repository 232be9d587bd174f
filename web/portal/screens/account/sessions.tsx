import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { AccountSession } from '../../../../schemas/access/own-account.ts'
import { operations } from '../../../../schemas/operations.ts'
import { api } from '../../../shared/api/client.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { ProblemNotice } from '../../../shared/components/notice.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { dayAndTime } from '../../../shared/format/time.ts'
import { ownSessionsQuery } from '../../account-queries.ts'
import { agentInWords } from './agent.ts'

/** Where one is logged in, and the way to end each session but this one, which logging out ends. */
export function OwnSessions() {
  const query = useQuery(ownSessionsQuery)
  return (
    <Loaded query={query}>
      {(sessions) => (
        <DataTable
          label="Sessions"
          rows={sessions}
          columns={columns}
          rowKey={(session) => session.sessionId}
          empty="You have no open sessions."
        />
      )}
    </Loaded>
  )
}

const columns: Column<AccountSession>[] = [
  {
    id: 'agent',
    header: 'Browser',
    accessorFn: (session) => agentInWords(session.agent),
    cell: ({ row }) => <span title={row.original.agent ?? undefined}>{agentInWords(row.original.agent)}</span>,
  },
  {
    id: 'address',
    header: 'Address',
    meta: { from: 'medium' },
    accessorFn: (session) => session.address ?? '',
    cell: ({ row }) => row.original.address ?? 'unknown',
  },
  {
    id: 'since',
    header: 'Since',
    meta: { from: 'medium' },
    accessorFn: (session) => session.createdAt,
    cell: ({ row }) => dayAndTime(row.original.createdAt),
  },
  {
    id: 'lastSeen',
    header: 'Last seen',
    accessorFn: (session) => session.lastSeenAt,
    cell: ({ row }) => dayAndTime(row.original.lastSeenAt),
  },
  {
    id: 'end',
    header: 'End',
    enableSorting: false,
    cell: ({ row }) => (row.original.current ? 'this one' : <End session={row.original} />),
  },
]

function End({ session }: { session: AccountSession }) {
  const queries = useQueryClient()
  const end = useMutation({
    mutationFn: () => api.call(operations.endOwnSession, { params: { sessionId: session.sessionId } }),
    onSettled: () => queries.invalidateQueries({ queryKey: ownSessionsQuery.queryKey }),
  })
  return (
    <>
      <Button
        size="compact-xs"
        loading={end.isPending}
        aria-label={`End the session of ${agentInWords(session.agent)} since ${dayAndTime(session.createdAt)}`}
        onClick={() => end.mutate()}
      >
        End
      </Button>
      {end.isError && <ProblemNotice error={end.error} />}
    </>
  )
}
