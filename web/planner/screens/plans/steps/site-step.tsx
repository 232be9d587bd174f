import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { operations } from '../../../../../schemas/operations.ts'
import type { SiteBackground } from '../../../../../schemas/planning/sites/assets.ts'
import { api } from '../../../../shared/api/client.ts'
import { Field, Fields } from '../../../../shared/components/fields.tsx'
import { Notice, ProblemNotice } from '../../../../shared/components/notice.tsx'
import { Section, Stack } from '../../../../shared/components/page.tsx'
import { Loaded } from '../../../../shared/components/query.tsx'
import { count } from '../../../../shared/format/power.ts'
import { dayAndTime } from '../../../../shared/format/time.ts'
import { backgroundQuery } from '../../../plan-queries.ts'
import { assetOf } from '../assets.ts'
import { AssetForm } from '../forms/asset-form.tsx'
import { PlanPage, type StepProps } from '../plan-page.tsx'
import { WeekView } from '../week-view.tsx'
import { kwOf } from '../words.ts'
import { SiteHistoryFeed } from './history-feed.tsx'

/** The first step: what the site draws today, and what it may draw. */
export function SiteStep() {
  return (
    <PlanPage
      step="Site"
      about="What the site may take from the network, and what it takes today, without electric vehicles."
    >
      {(given) => <Content {...given} />}
    </PlanPage>
  )
}

function Content({ plan, assets }: StepProps) {
  const queries = useQueryClient()
  const { siteId } = plan.content
  const site = assetOf(assets, 'site', siteId)
  if (!site) return null
  const refresh = () => queries.invalidateQueries({ queryKey: backgroundQuery(siteId).queryKey })
  return (
    <>
      <Section title={`The site: ${site.name}`}>
        <AssetForm kind="site" asset={site} assets={assets} onSaved={refresh} />
      </Section>
      <MeterHistory siteId={siteId} onUploaded={refresh} />
      <SiteHistoryFeed siteId={siteId} siteName={site.name} />
      <Background siteId={siteId} />
    </>
  )
}

/** Half-hourly readings of the site: the best that a plan can be made from. */
function MeterHistory({ siteId, onUploaded }: { siteId: string; onUploaded: () => Promise<void> }) {
  const [file, setFile] = useState<File | null>(null)
  const upload = useMutation({
    mutationFn: async (given: File) =>
      api.call(operations.uploadMeterHistory, { params: { assetId: siteId }, query: {}, body: await given.text() }),
    onSuccess: onUploaded,
  })
  return (
    <Section title="Meter readings">
      <Stack>
        <p>
          With half-hourly readings of a year the plan knows when the site is busy and when it is not. Your electricity
          supplier sends them on request, as a file. They replace those that were there.
        </p>
        <Fields>
          <Field
            label="File with readings"
            type="file"
            accept=".csv,text/csv"
            hint="CSV with the columns period_start and kwh; at most three years."
            more="period_start is when a half-hour began, such as 2026-01-05T00:30:00Z; kwh is what the site used in it. Leave a cell empty where a reading is missing: a gap is named, and does not count as nothing."
            onChange={(event) => setFile(event.currentTarget.files?.[0] ?? null)}
          />
        </Fields>
        {upload.isError && <ProblemNotice error={upload.error} />}
        {upload.isSuccess && <Notice>The readings are stored.</Notice>}
        <div>
          <Button disabled={!file} loading={upload.isPending} onClick={() => file && upload.mutate(file)}>
            Upload the readings
          </Button>
        </div>
      </Stack>
    </Section>
  )
}

/** The load that plans of the site take, and where it comes from. */
function Background({ siteId }: { siteId: string }) {
  const query = useQuery(backgroundQuery(siteId))
  return (
    <Section title="Load without vehicles, as plans take it">
      <Loaded query={query}>{(background) => <BackgroundWeek background={background} />}</Loaded>
    </Section>
  )
}

function BackgroundWeek({ background }: { background: SiteBackground }) {
  const { weekKw, explanation, peakKw, gaps, gapCount, filledHalfHours } = background
  const lines = useMemo(() => [{ label: 'Site without vehicles', colour: 'accent' as const, kw: weekKw }], [weekKw])
  return (
    <Stack>
      <p>{explanation}</p>
      {gapCount > 0 && (
        <Notice tone="doubt" title={`The readings have ${count(gapCount, 'gap')}`}>
          {gaps
            .slice(0, 5)
            .map(({ from, halfHours }) => `${dayAndTime(from)}, ${count(halfHours, 'half-hour')}`)
            .join('; ')}
          {gapCount > 5 && '; …'}.{' '}
          {filledHalfHours > 0 && `Like days stand in for ${count(filledHalfHours, 'half-hour')} of the week.`}
        </Notice>
      )}
      <WeekView
        label="Load without vehicles"
        summary={`The site takes at most ${kwOf(peakKw)} without vehicles.`}
        lines={lines}
      />
    </Stack>
  )
}
