import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { AlarmNotice } from '../../../../schemas/grid/alarms.ts'
import { operations } from '../../../../schemas/operations.ts'
import { api } from '../../../shared/api/client.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { ProblemNotice } from '../../../shared/components/notice.tsx'
import { Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { fixed } from '../../../shared/format/power.ts'
import { dayAndTime, utc } from '../../../shared/format/time.ts'
import { alarmNoticesQuery } from '../../queries.ts'
import { useRefusal } from '../../session.ts'

function noticeColumns(retry: (noticeId: string) => void, refusal: string | null): Column<AlarmNotice>[] {
  return [
    {
      id: 'target',
      header: 'Target',
      accessorFn: (each) => each.targetName,
      cell: ({ row }) => row.original.targetName,
    },
    { id: 'event', header: 'What', accessorFn: (each) => each.event, cell: ({ row }) => row.original.event },
    {
      id: 'due',
      header: 'Due',
      meta: { from: 'medium' },
      accessorFn: (each) => Date.parse(each.dueAt),
      cell: ({ row }) => <time title={utc(row.original.dueAt)}>{dayAndTime(row.original.dueAt)}</time>,
    },
    {
      id: 'attempts',
      header: 'Attempts',
      meta: { align: 'right', from: 'medium' },
      accessorFn: (each) => each.attempts,
      cell: ({ row }) => fixed(row.original.attempts, 0),
    },
    {
      id: 'error',
      header: 'Last error',
      meta: { wrap: true },
      accessorFn: (each) => each.lastError,
      cell: ({ row }) => row.original.lastError ?? '–',
    },
    {
      id: 'retry',
      header: () => <span className="rm-sr-only">Again</span>,
      enableSorting: false,
      meta: { align: 'right' },
      cell: ({ row }) => (
        <Button
          size="compact-xs"
          disabled={refusal !== null}
          title={refusal ?? undefined}
          onClick={() => retry(row.original.noticeId)}
        >
          Send again
        </Button>
      ),
    },
  ]
}

/** Notices that were given up; each can be sent again. */
export function DeadNotices() {
  const queries = useQueryClient()
  const query = useQuery(alarmNoticesQuery)
  const refusal = useRefusal('operator')
  const retry = useMutation({
    mutationFn: (noticeId: string) => api.call(operations.retryAlarmNotice, { params: { id: noticeId } }),
    onSettled: () => queries.invalidateQueries({ queryKey: alarmNoticesQuery.queryKey }),
  })
  return (
    <Section title="Could not be delivered" flush>
      {retry.isError && <ProblemNotice error={retry.error} />}
      <Loaded query={query}>
        {(notices) => (
          <DataTable
            label="Could not be delivered"
            rows={notices}
            columns={noticeColumns(retry.mutate, refusal)}
            rowKey={(each) => each.noticeId}
            empty="Every notice was delivered."
          />
        )}
      </Loaded>
    </Section>
  )
}
