import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { operations } from '../../../../../schemas/operations.ts'
import type { HistoryFeed } from '../../../../../schemas/planning/data-feeds.ts'
import { api } from '../../../../shared/api/client.ts'
import { Choice, Field, Fields } from '../../../../shared/components/fields.tsx'
import { ProblemNotice } from '../../../../shared/components/notice.tsx'
import { Section, Stack } from '../../../../shared/components/page.tsx'
import { Loaded } from '../../../../shared/components/query.tsx'
import { TwoStep } from '../../../../shared/components/two-step.tsx'
import { dayAndTime } from '../../../../shared/format/time.ts'
import { historyFeedsQuery } from '../../../plan-queries.ts'

interface HistoryFeedProps {
  siteId: string
  siteName: string
}

/** Whether a company that reads the customer’s meters delivers the history of a site, which the customer alone decides. */
export function SiteHistoryFeed({ siteId, siteName }: HistoryFeedProps) {
  const query = useQuery(historyFeedsQuery)
  return (
    <Section title="Meter readings that come by themselves">
      <Loaded query={query}>{(feeds) => <Content siteId={siteId} siteName={siteName} feeds={feeds} />}</Loaded>
    </Section>
  )
}

function Content({ siteId, siteName, feeds }: HistoryFeedProps & { feeds: readonly HistoryFeed[] }) {
  const opened = feeds.find(({ sites }) => sites.some(({ assetId }) => assetId === siteId))
  if (opened) return <Opened siteId={siteId} siteName={siteName} feed={opened} />
  if (feeds.length === 0)
    return (
      <p>
        A company that reads your meters can send the readings of this site again and again. Nobody does so for you yet:
        ask your network operator, who agrees it with the company. Nothing is sent until you allow it here.
      </p>
    )
  return <Open siteId={siteId} feeds={feeds} />
}

/** A change of what is open, after which the feeds are read again. */
function useFeedChange<Given>(change: (given: Given) => Promise<unknown>) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSettled: () => queries.invalidateQueries({ queryKey: historyFeedsQuery.queryKey }),
  })
}

function Opened({ siteId, siteName, feed }: HistoryFeedProps & { feed: HistoryFeed }) {
  const close = useFeedChange<void>(() => api.call(operations.closeSiteToFeed, { params: { assetId: siteId } }))
  const site = feed.sites.find(({ assetId }) => assetId === siteId)
  if (!site) return null
  const { siteReference, openedAt, openedBy, lastTakenAt } = site
  return (
    <Stack>
      <p>
        {feed.provider} may send the readings of {siteName}, which its files call “{siteReference}”: allowed{' '}
        {dayAndTime(openedAt)} by {openedBy}.{' '}
        {lastTakenAt === null ? 'Nothing has come yet.' : `Readings last came ${dayAndTime(lastTakenAt)}.`}
      </p>
      <span>
        <TwoStep
          label="Allow it no longer"
          refusal={null}
          action={close}
          consequence={`${feed.provider} can send no more readings of ${siteName}, and the files that it has sent for your sites are deleted here. The readings that are in your plans stay yours.`}
        />
      </span>
    </Stack>
  )
}

function Open({ siteId, feeds }: { siteId: string; feeds: readonly HistoryFeed[] }) {
  const [feedId, setFeedId] = useState(feeds.length === 1 ? (feeds[0]?.feedId ?? '') : '')
  const [siteReference, setReference] = useState('')
  const [tried, setTried] = useState(false)
  const open = useFeedChange(() =>
    api.call(operations.openSiteToFeed, {
      params: { assetId: siteId },
      body: { feedId, siteReference: siteReference.trim() },
    }),
  )
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (feedId !== '' && siteReference.trim() !== '') open.mutate(undefined)
  }
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack>
        <p>
          A company that reads your meters can send the readings of this site again and again, once you allow it. They
          are merged into those that are here.
        </p>
        <Fields>
          <Choice
            label="Company"
            value={feedId}
            fault={tried && feedId === '' ? 'Choose who may send readings.' : null}
            onChange={(event) => setFeedId(event.currentTarget.value)}
          >
            <option value="">Choose</option>
            {feeds.map(({ feedId: id, name, provider }) => (
              <option key={id} value={id}>
                {provider}: {name}
              </option>
            ))}
          </Choice>
          <Field
            label="What its files call the site"
            maxLength={100}
            value={siteReference}
            hint="Exactly as there, such as Mount Pleasant."
            more="The company’s files have readings of several sites, each under a name or number. Ask it for the one of this site: readings under another name are not taken."
            fault={tried && siteReference.trim() === '' ? 'Enter the name that its files have for the site.' : null}
            onChange={(event) => setReference(event.currentTarget.value)}
          />
        </Fields>
        {open.isError && <ProblemNotice error={open.error} />}
        <span>
          <Button type="submit" loading={open.isPending}>
            Allow it to send readings
          </Button>
        </span>
      </Stack>
    </form>
  )
}
