import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type FspNotice, fspNoticeState } from '../../../../../schemas/market/notices.ts'
import { operations } from '../../../../../schemas/operations.ts'
import { api } from '../../../../shared/api/client.ts'
import { DataTable } from '../../../../shared/components/data-table.tsx'
import { ProblemNotice } from '../../../../shared/components/notice.tsx'
import { Page, Section } from '../../../../shared/components/page.tsx'
import { Loaded } from '../../../../shared/components/query.tsx'
import { fspNoticesQuery } from '../../../market-queries.ts'
import { useOwnFsp, useRefusal } from '../../../session.ts'
import { MarketTabs } from '../tabs.tsx'
import { againColumn, fspColumn, noticeColumns } from './columns.tsx'
import { NoticeTargets } from './targets.tsx'
import { noticeStateWords } from './words.ts'

/** What FSPs are told: an FSP sees its own notices and says where they go; the DNO sees all, and sends again what did not arrive. */
export function Notices() {
  const { state } = useSearch({ from: '/inside/market/notices' })
  const navigate = useNavigate({ from: '/market/notices' })
  const query = useQuery(fspNoticesQuery(state))
  const isFsp = useOwnFsp() !== null
  const again = useSendAgain()
  const refusal = useRefusal('flexibility-engineer')
  const columns = isFsp ? noticeColumns : [fspColumn, ...noticeColumns, againColumn(again.mutate, refusal)]
  return (
    <Page title="Market" subtitle={query.data && subtitleOf(query.data)}>
      <MarketTabs />
      {isFsp && <NoticeTargets />}
      {again.isError && <ProblemNotice error={again.error} />}
      <Section
        title="Notices"
        flush
        actions={
          <select
            className="rm-select"
            aria-label="State"
            value={state ?? ''}
            onChange={({ currentTarget: { value } }) =>
              void navigate({ search: value === '' ? {} : { state: value as FspNotice['state'] } })
            }
          >
            <option value="">Every state</option>
            {fspNoticeState.options.map((each) => (
              <option key={each} value={each}>
                {noticeStateWords[each].word}
              </option>
            ))}
          </select>
        }
      >
        <Loaded query={query}>
          {({ items }) => (
            <DataTable
              label="Notices"
              rows={items}
              columns={columns}
              rowKey={(notice) => notice.noticeId}
              empty={state ? 'No notice is in this state.' : 'No notices have been sent yet.'}
            />
          )}
        </Loaded>
      </Section>
    </Page>
  )
}

function subtitleOf({ items, nextCursor }: { items: readonly FspNotice[]; nextCursor: string | null }): string {
  const lost = items.filter(({ state }) => state === 'dead' || state === 'unaddressed').length
  const shown = nextCursor === null ? '' : `The latest ${items.length}; `
  return `${shown}${lost === 0 ? 'all of them delivered' : `${lost} could not be delivered`}`
}

function useSendAgain() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (noticeId: string) => api.call(operations.sendFspNoticeAgain, { params: { id: noticeId } }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['fsp-notices'] }),
  })
}
