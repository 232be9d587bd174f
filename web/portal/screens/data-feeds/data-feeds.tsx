import { Button, Modal } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { DataFeed } from '../../../../schemas/planning/data-feeds.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { Age } from '../../../shared/components/measured.tsx'
import { Notice } from '../../../shared/components/notice.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { count, fixed } from '../../../shared/format/power.ts'
import { dataFeedsQuery } from '../../data-feed-queries.ts'
import { useRefusal } from '../../session.ts'
import { SourceTabs } from '../feeds/tabs.tsx'
import { FeedForm } from './feed-form.tsx'
import { Providers } from './providers.tsx'
import { dataFeedUrgency, feedWording, kindWords, rhythmInWords } from './words.ts'

const columns: Column<DataFeed>[] = [
  {
    id: 'name',
    header: 'Feed',
    accessorFn: ({ name }) => name,
    cell: ({ row: { original } }) => (
      <Link to="/data-feeds/$feedId" params={{ feedId: original.feedId }}>
        {original.name}
      </Link>
    ),
  },
  {
    id: 'state',
    header: 'State',
    accessorFn: dataFeedUrgency,
    cell: ({ row }) => <Mark {...feedWording(row.original)} />,
  },
  {
    id: 'quarantined',
    header: 'Files not taken',
    meta: { align: 'right' },
    accessorFn: ({ quarantined }) => quarantined,
    cell: ({ row: { original } }) =>
      original.quarantined === 0 ? '–' : <Mark word={fixed(original.quarantined, 0)} tone="risk" shape="diamond" />,
  },
  {
    id: 'last',
    header: 'Last taken',
    meta: { align: 'right' },
    accessorFn: ({ lastTakenAt }) => lastTakenAt ?? '',
    cell: ({ row }) => (row.original.lastTakenAt ? <Age at={row.original.lastTakenAt} /> : 'never'),
  },
  {
    id: 'provider',
    header: 'Delivered by',
    meta: { from: 'medium' },
    accessorFn: ({ provider }) => provider,
    cell: ({ row }) => row.original.provider,
  },
  {
    id: 'kind',
    header: 'Kind',
    meta: { from: 'wide' },
    accessorFn: ({ kind }) => kindWords(kind),
    cell: ({ row }) => kindWords(row.original.kind),
  },
  {
    id: 'rhythm',
    header: 'Comes',
    meta: { align: 'right', from: 'wide' },
    accessorFn: ({ rhythm }) => rhythm.everyDays ?? Number.POSITIVE_INFINITY,
    cell: ({ row }) => rhythmInWords(row.original.rhythm),
  },
]

/** What companies deliver to the DNO: the feeds that are agreed with each, how they stand, and the companies. */
export function DataFeeds() {
  const refusal = useRefusal('planner')
  const refusalToAgree = useRefusal('administrator')
  const query = useQuery({ ...dataFeedsQuery, enabled: refusal === null })
  const navigate = useNavigate()
  const [isAdding, setAdding] = useState(false)
  const open = (feedId: string) => void navigate({ to: '/data-feeds/$feedId', params: { feedId } })
  return (
    <Page
      title="Data providers"
      subtitle={query.data && count(query.data.length, 'feed')}
      actions={
        <Button
          variant="filled"
          disabled={refusalToAgree !== null}
          title={refusalToAgree ?? undefined}
          onClick={() => setAdding(true)}
        >
          Agree a feed
        </Button>
      }
    >
      <SourceTabs />
      {refusal !== null && <Notice>{refusal} Feeds of data providers are for those who plan with them.</Notice>}
      {refusal === null && (
        <Loaded query={query}>
          {(feeds) => (
            <Section title="Feeds that are agreed" flush>
              <DataTable
                label="Feeds of data providers"
                rows={feeds.toSorted((a, b) => dataFeedUrgency(a) - dataFeedUrgency(b))}
                columns={columns}
                rowKey={({ feedId }) => feedId}
                onOpen={({ feedId }) => open(feedId)}
                empty="No feed is agreed yet. Add the company that delivers, create a client for it, and agree its first feed."
              />
            </Section>
          )}
        </Loaded>
      )}
      <Providers refusal={refusalToAgree} />
      <Modal opened={isAdding} onClose={() => setAdding(false)} title="Agree a feed" size={640}>
        {isAdding && (
          <FeedForm
            feed={null}
            taken={query.data?.map(({ feedId }) => feedId) ?? []}
            onDone={open}
            onReload={() => void query.refetch().then(() => setAdding(false))}
          />
        )}
      </Modal>
    </Page>
  )
}
