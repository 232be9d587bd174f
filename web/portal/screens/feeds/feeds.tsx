import { Button, Modal } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import type { Feed } from '../../../../schemas/grid/feeds.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { Age } from '../../../shared/components/measured.tsx'
import { Notice } from '../../../shared/components/notice.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { PanelFacts, PanelPart, SidePanel } from '../../../shared/components/side-panel.tsx'
import { count } from '../../../shared/format/power.ts'
import { dayAndTime, duration } from '../../../shared/format/time.ts'
import { feedFailuresQuery, feedsQuery } from '../../compliance-queries.ts'
import { dataFeedsQuery } from '../../data-feed-queries.ts'
import { useRefusal } from '../../session.ts'
import { DeliverRecords } from './deliver-records.tsx'
import { FeedForm } from './feed-form.tsx'
import styles from './feeds.module.css'
import { feedsInWords, freshnessWords, urgencyOf } from './summaries.ts'
import { SourceTabs } from './tabs.tsx'

const columns: Column<Feed>[] = [
  { id: 'name', header: 'Feed', accessorFn: (feed) => feed.name, cell: ({ row }) => row.original.name },
  {
    id: 'freshness',
    header: 'State',
    accessorFn: urgencyOf,
    cell: ({ row }) => <Mark {...freshnessWords[row.original.freshness]} />,
  },
  {
    id: 'last',
    header: 'Last good delivery',
    meta: { align: 'right' },
    accessorFn: (feed) => feed.lastSuccessAt,
    cell: ({ row }) => (row.original.lastSuccessAt ? <Age at={row.original.lastSuccessAt} /> : 'never'),
  },
  {
    id: 'cadence',
    header: 'Promised every',
    meta: { align: 'right', from: 'medium' },
    accessorFn: (feed) => feed.cadenceS,
    cell: ({ row }) => duration(row.original.cadenceS * 1_000),
  },
  {
    id: 'failure',
    header: 'Last failure',
    meta: { align: 'right', from: 'medium' },
    accessorFn: (feed) => feed.lastFailureAt,
    cell: ({ row }) => (row.original.lastFailureAt ? <Age at={row.original.lastFailureAt} /> : '–'),
  },
  {
    id: 'owner',
    header: 'Owner',
    meta: { from: 'wide' },
    accessorFn: (feed) => feed.owner,
    cell: ({ row }) => row.original.owner,
  },
]

/** The registry of feeds: whether each delivers as its owner promised, and what could not be taken. */
export function Feeds() {
  const query = useQuery(feedsQuery)
  const { feed: openId } = useSearch({ from: '/inside/feeds' })
  const navigate = useNavigate({ from: '/feeds' })
  const feeds = useMemo(
    () => (query.data ?? []).toSorted((a, b) => urgencyOf(a) - urgencyOf(b) || a.name.localeCompare(b.name)),
    [query.data],
  )
  const open = feeds.find((feed) => feed.feedId === openId)
  const { tone, text } = feedsInWords(feeds)
  const refusal = useRefusal('administrator')
  const [edited, setEdited] = useState<Feed | 'new' | null>(null)
  const show = (feedId: string) => void navigate({ search: { feed: feedId } })
  return (
    <Page
      title="Feeds"
      subtitle={query.data && count(query.data.length, 'feed')}
      actions={
        <Button
          variant="filled"
          disabled={refusal !== null}
          title={refusal ?? undefined}
          onClick={() => setEdited('new')}
        >
          Register a feed
        </Button>
      }
      panel={
        open && (
          <FeedPanel
            key={open.feedId}
            feed={open}
            refusal={refusal}
            onChange={() => setEdited(open)}
            onClose={() => void navigate({ search: {} })}
          />
        )
      }
    >
      <SourceTabs />
      <Loaded query={query}>
        {() => (
          <>
            {feeds.length > 0 && <Notice tone={tone}>{text}</Notice>}
            <Section flush>
              <DataTable
                label="Feeds"
                rows={feeds}
                columns={columns}
                rowKey={(feed) => feed.feedId}
                selectedKey={openId}
                onOpen={({ feedId }) => show(feedId)}
                empty="No feed has been registered yet."
              />
            </Section>
          </>
        )}
      </Loaded>
      <FeedEditor edited={edited} onEdit={setEdited} onDone={show} />
    </Page>
  )
}

interface FeedEditorProps {
  /** The feed as it was when it was opened; `new` for another one, `null` for none. */
  edited: Feed | 'new' | null
  onEdit: (edited: Feed | null) => void
  onDone: (feedId: string) => void
}

function FeedEditor({ edited, onEdit, onDone }: FeedEditorProps) {
  const query = useQuery(feedsQuery)
  const reload = async (feedId: string | null) => {
    const { data } = await query.refetch()
    onEdit(data?.find((feed) => feed.feedId === feedId) ?? null)
  }
  const title = edited === 'new' ? 'Register a feed' : 'Change the terms of a feed'
  return (
    <Modal opened={edited !== null} onClose={() => onEdit(null)} title={title} size={560}>
      {edited && (
        <FeedForm
          key={edited === 'new' ? 'new' : edited.etag}
          feed={edited === 'new' ? null : edited}
          taken={query.data?.map(({ feedId }) => feedId) ?? []}
          onDone={(feedId) => {
            onEdit(null)
            onDone(feedId)
          }}
          onReload={() => void reload(edited === 'new' ? null : edited.feedId)}
        />
      )}
    </Modal>
  )
}

interface FeedPanelProps {
  feed: Feed
  /** Why this person may not change its terms, or deliver to it. */
  refusal: string | null
  onChange: () => void
  onClose: () => void
}

function FeedPanel({ feed, refusal, onChange, onClose }: FeedPanelProps) {
  const failures = useQuery(feedFailuresQuery(feed.feedId))
  return (
    <SidePanel title={feed.name} onClose={onClose}>
      <PanelPart>
        <Mark {...freshnessWords[feed.freshness]} />
      </PanelPart>
      <PanelPart>
        <PanelFacts
          items={[
            ['Owner', feed.owner],
            ['Format', feed.format],
            ['Promised every', duration(feed.cadenceS * 1_000)],
            ['Late after', feed.amberS === null ? 'no separate state' : duration(feed.amberS * 1_000)],
            ['Silent after', duration(feed.redS * 1_000)],
            ['Last good delivery', feed.lastSuccessAt ? dayAndTime(feed.lastSuccessAt) : 'never'],
          ]}
        />
        <Terms feedId={feed.feedId} refusal={refusal} onChange={onChange} />
      </PanelPart>
      <PanelPart title="Rejected deliveries">
        <Loaded query={failures}>
          {(list) =>
            list.length === 0 ? (
              <span>Nothing.</span>
            ) : (
              <ol className={styles.failures}>
                {list.map((failure) => (
                  <li key={`${failure.at} ${failure.reason}`}>
                    <span className="rm-secondary">
                      {dayAndTime(failure.at)}, {failure.kind === 'drift' ? 'not the agreed format' : 'not readable'}
                    </span>
                    <span>{failure.reason}</span>
                    <pre>{JSON.stringify(failure.record, null, 1)}</pre>
                  </li>
                ))}
              </ol>
            )
          }
        </Loaded>
      </PanelPart>
      {feed.lastRecord !== null && (
        <PanelPart title="Last good record">
          <pre className={styles.record}>{JSON.stringify(feed.lastRecord, null, 1)}</pre>
        </PanelPart>
      )}
    </SidePanel>
  )
}

/** The way to change what is agreed: of a data provider's feed on the screen of its deliveries, where its rhythm is kept. */
function Terms({ feedId, refusal, onChange }: Pick<FeedPanelProps, 'refusal' | 'onChange'> & { feedId: string }) {
  const isPlanner = useRefusal('planner') === null
  const dataFeeds = useQuery({ ...dataFeedsQuery, enabled: isPlanner })
  if (dataFeeds.data?.some((each) => each.feedId === feedId))
    return (
      <Link to="/data-feeds/$feedId" params={{ feedId }}>
        What is agreed with its data provider, and its deliveries
      </Link>
    )
  if (refusal !== null || !dataFeeds.data) return null
  return (
    <>
      <span>
        <Button onClick={onChange}>Change the terms</Button>
      </span>
      <details>
        <summary>Deliver by hand</summary>
        <DeliverRecords feedId={feedId} />
      </details>
    </>
  )
}
