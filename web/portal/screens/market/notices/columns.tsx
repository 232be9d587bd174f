import { Button } from '@mantine/core'
import { type FspNotice, fspNoticeState } from '../../../../../schemas/market/notices.ts'
import type { Column } from '../../../../shared/components/data-table.tsx'
import { Mark } from '../../../../shared/components/mark.tsx'
import { fixed } from '../../../../shared/format/power.ts'
import { dayAndTime, utc } from '../../../../shared/format/time.ts'
import { noticeStateWords } from './words.ts'

/** What everybody sees of a notice. */
export const noticeColumns: Column<FspNotice>[] = [
  {
    id: 'title',
    header: 'What',
    meta: { wrap: true },
    accessorFn: (notice) => notice.title,
    cell: ({ row }) => row.original.title,
  },
  {
    id: 'state',
    header: 'State',
    accessorFn: (notice) => fspNoticeState.options.indexOf(notice.state),
    cell: ({ row }) => <Mark {...noticeStateWords[row.original.state]} />,
  },
  {
    id: 'owed',
    header: 'Happened',
    meta: { from: 'medium' },
    accessorFn: (notice) => Date.parse(notice.owedAt),
    cell: ({ row }) => <time title={utc(row.original.owedAt)}>{dayAndTime(row.original.owedAt)}</time>,
  },
  {
    id: 'target',
    header: 'Target',
    meta: { from: 'medium' },
    accessorFn: (notice) => notice.targetName ?? '',
    cell: ({ row }) => row.original.targetName ?? 'contact',
  },
  {
    id: 'attempts',
    header: 'Attempts',
    meta: { align: 'right', from: 'wide' },
    accessorFn: (notice) => notice.attempts,
    cell: ({ row }) => fixed(row.original.attempts, 0),
  },
  {
    id: 'error',
    header: 'Last error',
    meta: { wrap: true, from: 'wide' },
    accessorFn: (notice) => notice.lastError ?? '',
    cell: ({ row }) => row.original.lastError ?? '–',
  },
]

/** Whose notice it is, for the DNO. */
export const fspColumn: Column<FspNotice> = {
  id: 'fsp',
  header: 'FSP',
  accessorFn: (notice) => notice.fspName,
  cell: ({ row }) => row.original.fspName,
}

/** Sends a notice again that is not on its way. */
export function againColumn(again: (noticeId: string) => void, refusal: string | null): Column<FspNotice> {
  return {
    id: 'again',
    header: () => <span className="rm-sr-only">Again</span>,
    enableSorting: false,
    meta: { align: 'right' },
    cell: ({ row }) =>
      row.original.state !== 'owed' && (
        <Button
          size="compact-xs"
          disabled={refusal !== null}
          title={refusal ?? undefined}
          onClick={() => again(row.original.noticeId)}
        >
          Send again
        </Button>
      ),
  }
}
