import { Button, Modal } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import type { DataDelivery, DataFeed } from '../../../../schemas/planning/data-feeds.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { LinkButton } from '../../../shared/components/link-button.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { Notice } from '../../../shared/components/notice.tsx'
import { Facts, Page, Section, Stack } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { fixed } from '../../../shared/format/power.ts'
import { dayAndTime } from '../../../shared/format/time.ts'
import { dataFeedsQuery, deliveriesQuery } from '../../data-feed-queries.ts'
import { useRefusal } from '../../session.ts'
import { DeliverFile } from './deliver-file.tsx'
import { DeliveryPanel } from './delivery-panel.tsx'
import { FeedForm } from './feed-form.tsx'
import { deliveryWords, dueInWords, feedWording, kindWords, rhythmInWords } from './words.ts'

/** A feed of a data provider: what is agreed, when a file is due, and every file that came. */
export function DataFeedPage() {
  const { feedId } = useParams({ from: '/inside/data-feeds/$feedId' })
  const { delivery } = useSearch({ from: '/inside/data-feeds/$feedId' })
  const navigate = useNavigate({ from: '/data-feeds/$feedId' })
  const refusal = useRefusal('planner')
  const refusalToAgree = useRefusal('administrator')
  const query = useQuery({ ...dataFeedsQuery, enabled: refusal === null })
  const [isChanging, setChanging] = useState(false)
  // Counts how often the stored values were loaded over what was entered.
  const [round, setRound] = useState(0)
  const feed = query.data?.find((each) => each.feedId === feedId)
  const open = (deliveryId: string | undefined) => void navigate({ search: { delivery: deliveryId } })
  return (
    <Page
      title={feed?.name ?? 'Feed of a data provider'}
      subtitle={feed && `${feed.provider}, ${rhythmInWords(feed.rhythm)}`}
      actions={
        <>
          <LinkButton to="/data-feeds">All data providers</LinkButton>
          {feed && (
            <Button
              disabled={refusalToAgree !== null}
              title={refusalToAgree ?? undefined}
              onClick={() => setChanging(true)}
            >
              Change what is agreed
            </Button>
          )}
        </>
      }
      panel={
        feed &&
        delivery !== undefined && (
          <DeliveryPanel key={delivery} feed={feed} deliveryId={delivery} onClose={() => open(undefined)} />
        )
      }
    >
      {refusal !== null && <Notice>{refusal}</Notice>}
      {refusal === null && (
        <Loaded query={query}>
          {() =>
            feed ? (
              <Content feed={feed} selected={delivery} open={open} />
            ) : (
              <Notice tone="risk">There is no feed {feedId}: the list has those that are agreed.</Notice>
            )
          }
        </Loaded>
      )}
      <Modal opened={isChanging} onClose={() => setChanging(false)} title="Change what is agreed" size={640}>
        {isChanging && feed && (
          <FeedForm
            key={round}
            feed={feed}
            taken={[]}
            onDone={() => setChanging(false)}
            onReload={() => void query.refetch().then(() => setRound(round + 1))}
          />
        )}
      </Modal>
    </Page>
  )
}

interface ContentProps {
  feed: DataFeed
  selected: string | undefined
  open: (deliveryId: string) => void
}

function Content({ feed, selected, open }: ContentProps) {
  const query = useQuery(deliveriesQuery(feed.feedId))
  return (
    <>
      <Section title="What is agreed">
        <Stack>
          <Mark {...feedWording(feed)} />
          <span>{dueInWords(feed)}</span>
          <Facts items={agreedFacts(feed)} />
        </Stack>
      </Section>
      <DeliverFile feed={feed} onDelivered={open} />
      <Section title="Deliveries" flush>
        <Loaded query={query}>
          {(deliveries) => (
            <DataTable
              label="Deliveries"
              rows={deliveries}
              columns={columns}
              rowKey={({ deliveryId }) => deliveryId}
              selectedKey={selected}
              onOpen={({ deliveryId }) => open(deliveryId)}
              empty="Nothing has been delivered yet."
            />
          )}
        </Loaded>
      </Section>
    </>
  )
}

function agreedFacts(feed: DataFeed): [string, string][] {
  const { kind, zone, columns, passedOver, mostRejectedPercent, keepDays, agreedAt, agreedBy } = feed
  const mapped = Object.entries(columns).map(([column, heading]) => `${column} = ${heading}`)
  return [
    ['Kind', kindWords(kind)],
    ['Identifier', feed.feedId],
    ['Rows that may be rejected', `${fixed(mostRejectedPercent, 1)}\u00a0%`],
    ['Files are kept for', `${fixed(keepDays, 0)} days`],
    ...(zone ? [['Times without an offset', zone] as [string, string]] : []),
    ...(mapped.length > 0 ? [['Columns under other headings', mapped.join(', ')] as [string, string]] : []),
    ...(passedOver.length > 0 ? [['Headings passed over', passedOver.join(', ')] as [string, string]] : []),
    ['Agreed', `${dayAndTime(agreedAt)} by ${agreedBy}`],
  ]
}

const columns: Column<DataDelivery>[] = [
  {
    id: 'received',
    header: 'Received',
    accessorFn: ({ receivedAt }) => receivedAt,
    cell: ({ row }) => dayAndTime(row.original.receivedAt),
  },
  {
    id: 'state',
    header: 'State',
    accessorFn: ({ state }) => deliveryWords[state].word,
    cell: ({ row }) => <Mark {...deliveryWords[row.original.state]} />,
  },
  {
    id: 'name',
    header: 'File',
    meta: { from: 'medium' },
    accessorFn: ({ name }) => name,
    cell: ({ row }) => row.original.name,
  },
  {
    id: 'rows',
    header: 'Rows taken',
    meta: { align: 'right' },
    accessorFn: ({ taken }) => taken,
    cell: ({ row }) => fixed(row.original.taken, 0),
  },
  {
    id: 'rejected',
    header: 'Rejected',
    meta: { align: 'right' },
    accessorFn: ({ rejected }) => rejected,
    cell: ({ row: { original } }) => (original.rejected === 0 ? '–' : fixed(original.rejected, 0)),
  },
  {
    id: 'by',
    header: 'Delivered by',
    meta: { from: 'wide' },
    accessorFn: ({ deliveredBy }) => deliveredBy,
    cell: ({ row }) => row.original.deliveredBy,
  },
]
