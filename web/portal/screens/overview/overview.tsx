import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useMemo } from 'react'
import type { Overview as OverviewData } from '../../../../schemas/portal/portal.ts'
import { DataTable } from '../../../shared/components/data-table.tsx'
import { LinkButton } from '../../../shared/components/link-button.tsx'
import { Notice } from '../../../shared/components/notice.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { Totals } from '../../../shared/components/totals.tsx'
import { power } from '../../../shared/format/power.ts'
import { dayInWords } from '../../../shared/format/time.ts'
import { overviewQuery } from '../../queries.ts'
import { useOwnFsp } from '../../session.ts'
import { siteColumns } from '../connections/columns.tsx'
import { dispatchInWords, exceptionsFirst, overviewInWords } from '../connections/summaries.ts'
import { DemoTour } from './demo-tour.tsx'

const FspOverview = lazy(() => import('../fsp/overview.tsx').then((at) => ({ default: at.FspOverview })))

/** What needs someone: for the DNO every site, for an FSP its own side of the market. */
export function Overview() {
  if (useOwnFsp() === null) return <Sites />
  return (
    <Suspense>
      <FspOverview />
    </Suspense>
  )
}

/** Every site at a glance, those that need someone first. */
function Sites() {
  const query = useQuery(overviewQuery)
  return (
    <Page
      title="Overview"
      subtitle={query.data && `Trading day ${dayInWords(query.data.tradingDay)}`}
      actions={<LinkButton to="/daily-report">Yesterday’s report</LinkButton>}
    >
      <Loaded query={query}>{(data) => <Content data={data} />}</Loaded>
    </Page>
  )
}

function Content({ data }: { data: OverviewData }) {
  const navigate = useNavigate()
  const sites = useMemo(() => exceptionsFirst(data.sites), [data.sites])
  const { tone, text } = overviewInWords(data)
  return (
    <>
      <Notice tone={tone}>{text}</Notice>
      <DemoTour />
      <SiteTotals data={data} />
      <Section title="Sites" flush>
        <DataTable
          label="Sites"
          rows={sites}
          columns={siteColumns}
          rowKey={(site) => site.connectionId}
          onOpen={({ connectionId }) => void navigate({ to: '/connections/$connectionId', params: { connectionId } })}
          empty="No site has been set up yet."
        />
      </Section>
    </>
  )
}

/** Import, limits and dispatch of all sites, in figures. */
function SiteTotals({ data }: { data: OverviewData }) {
  const known = data.sites.filter((site) => site.import && !site.import.stale)
  const importW = known.reduce((sum, site) => sum + (site.import?.importW ?? 0), 0)
  const limitW = known.reduce((sum, site) => sum + site.limitW, 0)
  const turnDownW = data.sites.reduce((sum, site) => sum + (site.turnDownW ?? 0), 0)
  const all = known.length === data.sites.length ? '' : ` of ${known.length} sites with fresh data`
  return (
    <Totals
      items={[
        { term: `Import${all}`, value: known.length === 0 ? 'not known' : power(importW) },
        { term: 'Under their limits by', value: known.length === 0 ? 'not known' : power(limitW - importW) },
        { term: 'Turn-down in force', value: turnDownW === 0 ? 'none' : power(turnDownW) },
        {
          term: 'Dispatch today',
          value: <Link to="/dispatch">{dispatchInWords(data.dispatch)}</Link>,
          isWords: true,
        },
      ]}
    />
  )
}
