import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { operations } from '../../../../schemas/operations.ts'
import type { DataDelivery, DataFeed } from '../../../../schemas/planning/data-feeds.ts'
import { addressOf, api } from '../../../shared/api/client.ts'
import { Mark } from '../../../shared/components/mark.tsx'
import { Notice } from '../../../shared/components/notice.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { PanelFacts, PanelPart, SidePanel } from '../../../shared/components/side-panel.tsx'
import { TwoStep } from '../../../shared/components/two-step.tsx'
import { count, fixed } from '../../../shared/format/power.ts'
import { dayAndTime } from '../../../shared/format/time.ts'
import { dataFeedsQuery, deliveryQuery } from '../../data-feed-queries.ts'
import { summaryFacts } from '../planning/editions/edition-words.ts'
import styles from './data-feeds.module.css'
import { deliveryWords, rowsInWords } from './words.ts'

interface DeliveryPanelProps {
  feed: DataFeed
  deliveryId: string
  onClose: () => void
}

/** A delivered file: what became of it and when, which rows were rejected and why, the file itself, and the way to read it again. */
export function DeliveryPanel({ feed, deliveryId, onClose }: DeliveryPanelProps) {
  const query = useQuery(deliveryQuery(feed.feedId, deliveryId))
  return (
    <SidePanel title={query.data?.name ?? 'Delivery'} onClose={onClose}>
      <Loaded query={query}>{(delivery) => <Content feed={feed} delivery={delivery} />}</Loaded>
    </SidePanel>
  )
}

function Content({ feed, delivery }: { feed: DataFeed; delivery: DataDelivery }) {
  const { state, reason, editionId, anomalyCount, newVehicleCount, summary } = delivery
  return (
    <>
      <PanelPart>
        <Mark {...deliveryWords[state]} />
        {reason !== null && <Notice tone={state === 'quarantined' ? 'fault' : 'risk'}>{reason}</Notice>}
      </PanelPart>
      <PanelPart title="Timeline">
        <PanelFacts items={timelineOf(delivery)} />
      </PanelPart>
      <PanelPart title="What is in it">
        <PanelFacts
          items={[
            ['Rows', rowsInWords(delivery)],
            ...summaryFacts(summary),
            ...(feed.kind === 'trips' ? [['New vehicles', fixed(newVehicleCount, 0)] as const] : []),
            ['To look at', anomalyCount === 0 ? 'nothing' : count(anomalyCount, 'finding')],
            ['Size', `${fixed(delivery.bytes / 1_000, 1)}\u00a0kB`],
            [
              'Digest',
              <code key="digest" className={styles.digest}>
                {delivery.sha256.slice(0, 16)}
              </code>,
            ],
          ]}
        />
        {editionId !== null && (
          <Link to="/planning/editions" search={{ edition: editionId }}>
            The edition that planners work with
          </Link>
        )}
      </PanelPart>
      {delivery.rejected > 0 && <Rejections delivery={delivery} />}
      <TheFile feed={feed} delivery={delivery} />
    </>
  )
}

/** When the file came, and when it was read. */
function timelineOf({ receivedAt, deliveredBy, lastReadAt, replays, state }: DataDelivery): [string, string][] {
  return [
    ['Received', `${dayAndTime(receivedAt)} from ${deliveredBy}`],
    [state === 'quarantined' ? 'Tried' : 'Read', lastReadAt === null ? 'not yet' : dayAndTime(lastReadAt)],
    ...(replays > 0 ? [['Read again', replays === 1 ? 'once' : `${fixed(replays, 0)} times`] as [string, string]] : []),
  ]
}

function Rejections({ delivery: { rejections, rejected } }: { delivery: DataDelivery }) {
  return (
    <PanelPart title={count(rejected, 'rejected row')}>
      <ol className={styles.rejections}>
        {rejections.map(({ line, field, message }) => (
          <li key={`${line} ${field} ${message}`}>
            <span className="rm-secondary">
              Line {fixed(line, 0)}
              {field !== '' && `, ${field}`}
            </span>
            <span>{message}</span>
          </li>
        ))}
      </ol>
      {rejections.length < rejected && (
        <p className="rm-secondary">The first {fixed(rejections.length, 0)} reasons are listed.</p>
      )}
    </PanelPart>
  )
}

function TheFile({
  feed,
  delivery: { feedId, deliveryId, name, hasContent },
}: {
  feed: DataFeed
  delivery: DataDelivery
}) {
  const queries = useQueryClient()
  const replay = useMutation({
    mutationFn: () => api.call(operations.replayDelivery, { params: { feedId, deliveryId } }),
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: dataFeedsQuery.queryKey }),
        queries.invalidateQueries({ queryKey: ['demand-editions'] }),
      ]),
  })
  if (!hasContent)
    return (
      <PanelPart title="The file">
        <span>It is no longer kept. {feed.provider} has it, and can deliver it again.</span>
      </PanelPart>
    )
  return (
    <PanelPart title="The file">
      <div className={styles.row}>
        <Button
          component="a"
          href={addressOf(operations.downloadDelivery, { params: { feedId, deliveryId } })}
          download
        >
          Download as it came
        </Button>
        <TwoStep
          label="Read it again"
          refusal={null}
          action={replay}
          consequence={
            feed.kind === 'site-history'
              ? `${name} is read as ${feed.name} is agreed now. Its readings replace those of the same half-hours.`
              : `${name} is read as ${feed.name} is agreed now, and becomes another edition. Editions before it stay, and so do the runs that used them.`
          }
        />
      </div>
    </PanelPart>
  )
}
