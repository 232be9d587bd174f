import { SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import type { OwnSitePage } from '../../../../schemas/market/customers.ts'
import { operations } from '../../../../schemas/operations.ts'
import { addressOf } from '../../../shared/api/client.ts'
import { useNow, useToday } from '../../../shared/clock.ts'
import { DayPicker } from '../../../shared/components/day-picker.tsx'
import { LinkButton } from '../../../shared/components/link-button.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { MeasuredPower } from '../../../shared/components/measured.tsx'
import { Notice } from '../../../shared/components/notice.tsx'
import { Facts, Page, Section } from '../../../shared/components/page.tsx'
import { Loaded, Waiting } from '../../../shared/components/query.tsx'
import { DayStrip } from '../../../shared/connection-day/day-strip.tsx'
import { fixed, kw } from '../../../shared/format/power.ts'
import { addDays, dayInWords } from '../../../shared/format/time.ts'
import { complianceWords, exportText, limitSourceWords } from '../../../shared/format/words.ts'
import { siteComplianceQuery, siteDayQuery, siteQuery } from '../../queries.ts'
import { Consents } from './consents.tsx'
import styles from './site.module.css'
import { Breaches, Versions } from './site-tables.tsx'
import { siteInWords, toneOf } from './site-words.ts'

// The chart brings the calendar with it.
const DayChart = lazy(() =>
  import('../../../shared/connection-day/day-chart.tsx').then((at) => ({ default: at.DayChart })),
)
const DayTable = lazy(() =>
  import('../../../shared/connection-day/day-table.tsx').then((at) => ({ default: at.DayTable })),
)

/** An own site: its limit and compliance now and over the day, what was applied for and what became of it, breaches and consents. */
export function OwnSiteScreen() {
  const { connectionId } = useParams({ from: '/inside/sites/$connectionId' })
  const site = useQuery(siteQuery(connectionId))
  if (site.data) return <Content site={site.data} />
  return (
    <Page title="Site">
      <Loaded query={site}>{() => null}</Loaded>
    </Page>
  )
}

function Content({ site }: { site: OwnSitePage }) {
  const { connectionId } = site
  const isApproved = site.versions.some(({ state }) => state === 'approved')
  return (
    <Page
      title={site.name}
      subtitle={site.address}
      actions={
        <>
          <LinkButton to="/">All sites</LinkButton>
          <LinkButton to="/sites/$connectionId/apply" params={{ connectionId }}>
            Apply for a profile
          </LinkButton>
        </>
      }
    >
      <Standing site={site} />
      <Day connectionId={connectionId} />
      <Kept connectionId={connectionId} />
      <Section
        title="Profiles and applications"
        flush
        actions={
          isApproved && (
            <a href={addressOf(operations.exportSiteSchedule, { params: { id: connectionId } })}>
              Demand schedule (CSV)
            </a>
          )
        }
      >
        <Versions versions={site.versions} />
      </Section>
      <Consents site={site} />
      <Section title="Times over the limit" flush>
        <Breaches breaches={site.breaches} />
      </Section>
    </Page>
  )
}

/** How the site stands now, in a sentence and in its figures. */
function Standing({ site }: { site: OwnSitePage }) {
  const now = useNow()
  return (
    <>
      <Notice tone={toneOf(site)}>{siteInWords(site, now)}</Notice>
      <Section>
        <Facts
          items={[
            ['Is the limit kept?', <Mark key="state" {...complianceWords[site.state]} />],
            ['Load now', <MeasuredPower key="measured" given={site.import} />],
            ['Limit in force', `${kw(site.limitW)}, ${limitSourceWords[site.limitSource]}`],
            ['Agreed capacity', `${fixed(site.ascKva, site.ascKva % 1 === 0 ? 0 : 2)} kVA`],
            ['What it may give to the network', exportText(site)],
            ['Meter point numbers (MPAN)', site.mpans.join(', ') || 'none'],
          ]}
        />
        <p className={styles.help}>
          <Link to="/help/$topic" params={{ topic: 'limits' }}>
            What is my limit, and what if I go over it?
          </Link>{' '}
          <Link to="/help/words">What do these words mean?</Link>
        </p>
      </Section>
    </>
  )
}

/** The load of a day against the limit, as a chart or by quarter-hour. */
function Day({ connectionId }: { connectionId: string }) {
  const { day: askedDay, view = 'chart' } = useSearch({ from: '/inside/sites/$connectionId' })
  const navigate = useNavigate({ from: '/sites/$connectionId' })
  const today = useToday()
  const day = askedDay ?? today
  const query = useQuery(siteDayQuery(connectionId, day))
  return (
    <Section
      flush={view === 'table'}
      title={day === today ? 'Load today' : `Load on ${dayInWords(day)}`}
      actions={
        <>
          <DayPicker
            day={day}
            today={today}
            onChange={(next) =>
              void navigate({ search: (s) => ({ ...s, day: next === today ? undefined : next }), replace: true })
            }
          />
          <SegmentedControl
            size="xs"
            aria-label="View"
            value={view}
            onChange={(next) =>
              void navigate({ search: (s) => ({ ...s, view: next === 'table' ? 'table' : undefined }), replace: true })
            }
            data={[
              { value: 'chart', label: 'Chart' },
              { value: 'table', label: 'Table' },
            ]}
          />
        </>
      }
    >
      <Loaded query={query}>
        {(data) => (
          <Suspense fallback={<Waiting />}>
            {view === 'table' ? <DayTable day={data} /> : <DayChart day={data} />}
          </Suspense>
        )}
      </Loaded>
    </Section>
  )
}

/** How often the limit was kept of late. */
function Kept({ connectionId }: { connectionId: string }) {
  const today = useToday()
  const from = addDays(today, -29)
  const query = useQuery(siteComplianceQuery(connectionId, from, today))
  return (
    <Section title="Was the limit kept in the last 30 days?">
      <Loaded query={query}>{(days) => <DayStrip days={days} from={from} to={today} />}</Loaded>
    </Section>
  )
}
