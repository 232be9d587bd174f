import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { FeedState } from '../../../../schemas/fsp/feeds/feeds.ts'
import { fspOperations } from '../../../../schemas/fsp/operations.ts'
import { useToday } from '../../../shared/clock.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { Age } from '../../../shared/components/measured.tsx'
import { Notice, ProblemNotice } from '../../../shared/components/notice.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { PanelFacts, PanelPart, SidePanel } from '../../../shared/components/side-panel.tsx'
import { dayAndTime, duration } from '../../../shared/format/time.ts'
import type { Wording } from '../../../shared/format/words.ts'
import { api } from '../../api.ts'
import { feedFaultsQuery, feedsQuery } from '../../queries.ts'
import { useRefusal } from '../../session.ts'

const freshnessWords: Record<FeedState['freshness'], Wording> = {
  green: { word: 'In time', tone: 'normal', shape: 'ring' },
  amber: { word: 'Late', tone: 'risk', shape: 'diamond' },
  red: { word: 'Failed', tone: 'fault', shape: 'triangle' },
  never: { word: 'Nothing yet', tone: 'doubt', shape: 'dashed' },
}

const order: readonly FeedState['freshness'][] = ['red', 'amber', 'never', 'green']

/** Feeds: how fresh each is, what waits in quarantine and why, those that need someone first. */
export function Feeds() {
  const { feed } = useSearch({ from: '/inside/feeds' })
  const navigate = useNavigate({ from: '/feeds' })
  const query = useQuery(feedsQuery)
  const open = query.data?.find(({ feedId }) => feedId === feed)
  return (
    <Page
      title="Feeds"
      panel={open && <FeedPanel key={open.feedId} feed={open} onClose={() => void navigate({ search: {} })} />}
    >
      <Section title="Feeds" flush>
        <Loaded query={query}>
          {(feeds) => (
            <DataTable
              label="Feeds"
              rows={feeds.toSorted((a, b) => order.indexOf(a.freshness) - order.indexOf(b.freshness))}
              columns={columns}
              rowKey={({ feedId }) => feedId}
              selectedKey={feed}
              onOpen={({ feedId }) => void navigate({ search: { feed: feedId } })}
              empty="No feed is registered."
            />
          )}
        </Loaded>
      </Section>
    </Page>
  )
}

const columns: Column<FeedState>[] = [
  { id: 'name', header: 'Feed', accessorFn: ({ name }) => name, cell: ({ row }) => row.original.name },
  {
    id: 'freshness',
    header: 'State',
    accessorFn: ({ freshness }) => order.indexOf(freshness),
    cell: ({ row }) => <Mark {...freshnessWords[row.original.freshness]} />,
  },
  {
    id: 'last',
    header: 'Last taken',
    meta: { align: 'right' },
    accessorFn: ({ lastSuccessAt }) => lastSuccessAt,
    cell: ({ row: { original } }) => (original.lastSuccessAt === null ? 'never' : <Age at={original.lastSuccessAt} />),
  },
  {
    id: 'provider',
    header: 'Provider',
    meta: { from: 'medium' },
    accessorFn: ({ provider }) => provider,
    cell: ({ row }) => row.original.provider,
  },
  {
    id: 'owner',
    header: 'Owner',
    meta: { from: 'wide' },
    accessorFn: ({ owner }) => owner,
    cell: ({ row }) => row.original.owner,
  },
  {
    id: 'quarantine',
    header: 'In quarantine',
    meta: { align: 'right', from: 'medium' },
    accessorFn: ({ quarantinedRecords }) => quarantinedRecords,
    cell: ({ row }) => String(row.original.quarantinedRecords),
  },
]

function FeedPanel({ feed, onClose }: { feed: FeedState; onClose: () => void }) {
  const today = useToday()
  const queries = useQueryClient()
  const refusal = useRefusal(['fleet-admin', 'depot-admin'], feed.depotId ?? undefined)
  const faults = useQuery(feedFaultsQuery(feed.feedId))
  const run = useMutation({
    mutationFn: () => api.call(fspOperations.runFeed, { params: { feedId: feed.feedId } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['feeds'] }),
  })
  return (
    <SidePanel title={feed.name} onClose={onClose}>
      {feed.lastError !== null && (
        <Notice tone="fault" title="The last attempt failed">
          {feed.lastError}
        </Notice>
      )}
      <PanelFacts
        items={[
          ['Depot', feed.depotId ?? 'several'],
          ['Owner', feed.owner],
          ['Provider', feed.provider],
          ['Expected every', duration(feed.cadenceS * 1_000)],
          ['Failed from', duration(feed.redS * 1_000)],
          ['Last taken', feed.lastSuccessAt === null ? 'never' : dayAndTime(feed.lastSuccessAt, today)],
          ['Fetched next', feed.nextRunAt === null ? 'it is not fetched' : dayAndTime(feed.nextRunAt, today)],
          ['Fields that nobody reads', feed.passedOver.join(', ') || 'none'],
        ]}
      />
      {feed.nextRunAt !== null && (
        <Button
          disabled={refusal !== null}
          title={refusal ?? undefined}
          loading={run.isPending}
          onClick={() => run.mutate()}
        >
          Fetch now
        </Button>
      )}
      {run.isError && <ProblemNotice error={run.error} />}
      <PanelPart title="In quarantine">
        <Loaded query={faults}>
          {(all) =>
            all.length === 0 ? (
              <p>Every record was taken.</p>
            ) : (
              all.slice(0, 50).map((fault) => (
                <p key={fault.faultId}>
                  {dayAndTime(fault.at, today)}: {fault.reason}
                </p>
              ))
            )
          }
        </Loaded>
      </PanelPart>
    </SidePanel>
  )
}
