import { SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import type { Connection } from '../../../../schemas/grid/connections.ts'
import { useNow, useToday } from '../../../shared/clock.ts'
import { DayPicker } from '../../../shared/components/day-picker.tsx'
import { LinkButton } from '../../../shared/components/link-button.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { Age, MeasuredPower } from '../../../shared/components/measured.tsx'
import { Notice } from '../../../shared/components/notice.tsx'
import { Facts, Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { DayChart } from '../../../shared/connection-day/day-chart.tsx'
import { DayStrip } from '../../../shared/connection-day/day-strip.tsx'
import { DayTable } from '../../../shared/connection-day/day-table.tsx'
import { fixed, kw } from '../../../shared/format/power.ts'
import { addDays, dayInWords, daySpanInWords } from '../../../shared/format/time.ts'
import { complianceWords, exportText, limitSourceWords, linkWords } from '../../../shared/format/words.ts'
import { complianceDaysQuery } from '../../compliance-queries.ts'
import type { Place } from '../../forecast-queries.ts'
import { connectionDayQuery, connectionQuery } from '../../queries.ts'
import { useRefusal } from '../../session.ts'
import { ExportFiles } from '../files/export-files.tsx'
import { HalfHours } from '../forecasts/half-hours.tsx'
import { SpreadSection } from '../forecasts/spread-section.tsx'
import { Breaches } from './breaches.tsx'
import { Capacities } from './capacities.tsx'
import { connectionInWords } from './connection-in-words.ts'
import { DynamicLimits } from './dynamic-limits.tsx'
import { FailSafe } from './fail-safe.tsx'
import { LoadComparison } from './load-comparison.tsx'
import { Readings } from './readings.tsx'

/** One connection: how it stands, its day on one chart, its breaches and latest readings. */
export function ConnectionPage() {
  const { connectionId } = useParams({ from: '/inside/connections/$connectionId' })
  const query = useQuery(connectionQuery(connectionId))
  if (query.data) return <Content site={query.data} />
  return (
    <Page title="Connection">
      <Loaded query={query}>{() => null}</Loaded>
    </Page>
  )
}

function Content({ site }: { site: Connection }) {
  const { day: askedDay } = useSearch({ from: '/inside/connections/$connectionId' })
  const today = useToday()
  const refusal = useRefusal('planner')
  const day = askedDay ?? today
  const minute = Math.floor(useNow() / 60_000) * 60_000
  const place: Place = { kind: 'connection', id: site.connectionId }
  return (
    <Page
      title={site.name}
      subtitle={`${site.address} · MPAN ${site.mpans.join(', ')}`}
      actions={
        <>
          <LinkButton to="/connections">All connections</LinkButton>
          <LinkButton to="/connections/$connectionId/monitor" params={{ connectionId: site.connectionId }}>
            Customer’s monitor
          </LinkButton>
          <LinkButton
            to="/connections/$connectionId/apply"
            params={{ connectionId: site.connectionId }}
            disabled={refusal !== null}
            title={refusal ?? undefined}
          >
            Apply for a new profile
          </LinkButton>
        </>
      }
    >
      <State site={site} />
      <Day site={site} day={day} today={today} />
      <SpreadSection place={place} day={day} now={day === today ? minute : null} />
      <HalfHours place={place} day={day} />
      <LoadComparison connectionId={site.connectionId} day={day} />
      <Capacities site={site} />
      <DynamicLimits site={site} day={day} today={today} />
      <FailSafe site={site} />
      <History connectionId={site.connectionId} today={today} />
      <Breaches connectionId={site.connectionId} />
      {site.hubId && <Readings hubId={site.hubId} />}
      <Section title="Download what was measured">
        <ExportFiles place={{ connectionId: site.connectionId }} />
      </Section>
    </Page>
  )
}

/** The import of a day, as a chart or by quarter-hour. */
function Day({ site, day, today }: { site: Connection; day: string; today: string }) {
  const { view = 'chart' } = useSearch({ from: '/inside/connections/$connectionId' })
  const navigate = useNavigate({ from: '/connections/$connectionId' })
  const dayQuery = useQuery(connectionDayQuery(site.connectionId, day))
  return (
    <Section
      flush={view === 'table'}
      title={day === today ? 'Import today' : `Import on ${dayInWords(day)}`}
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
              void navigate({
                search: (s) => ({ ...s, view: next === 'table' ? 'table' : undefined }),
                replace: true,
              })
            }
            data={[
              { value: 'chart', label: 'Chart' },
              { value: 'table', label: 'Table' },
            ]}
          />
        </>
      }
    >
      <Loaded query={dayQuery}>
        {(data) => (view === 'table' ? <DayTable day={data} /> : <DayChart day={data} />)}
      </Loaded>
    </Section>
  )
}

/** The last thirty days by state. */
function History({ connectionId, today }: { connectionId: string; today: string }) {
  const from = addDays(today, -29)
  const query = useQuery(complianceDaysQuery(connectionId, from, today))
  return (
    <Section title="The last 30 days">
      <Loaded query={query}>{(days) => <DayStrip days={days} from={from} to={today} />}</Loaded>
    </Section>
  )
}

/** What else limits the import now, and is higher. */
function otherLimitsInWords({ limitsApplying = [] }: Connection): string {
  const others = limitsApplying.slice(1).map(({ limitW, source }) => `${kw(limitW)} (${limitSourceWords[source]})`)
  return others.length === 0 ? 'none' : others.join(', ')
}

/** State in words, and the facts behind it. Where the export is limited the state is the more urgent of both directions. */
function State({ site }: { site: Connection }) {
  const now = useNow()
  const { tone } = complianceWords[site.state]
  return (
    <>
      {site.state !== 'compliant' && <Notice tone={tone}>{connectionInWords(site, now)}</Notice>}
      <Section>
        <Facts
          items={[
            [site.exportState ? 'Import and export' : 'Import', <Mark key="state" {...complianceWords[site.state]} />],
            ['Measured', <MeasuredPower key="import" given={site.import} />],
            ...(site.exportState
              ? [['Export', <Mark key="export" {...complianceWords[site.exportState]} />] as const]
              : []),
            [`Limit, from ${limitSourceWords[site.limitSource]}`, <strong key="limit">{kw(site.limitW)}</strong>],
            ['Other limits', otherLimitsInWords(site)],
            ['Turn-down in force', site.turnDownW === null ? 'none' : kw(site.turnDownW)],
            ['Hub', <HubFact key="hub" site={site} />],
            [
              'Alarms',
              site.openAlarms === 0 ? (
                'none open'
              ) : (
                <Link key="alarms" to="/alarms">
                  {site.openAlarms} open
                </Link>
              ),
            ],
            ['Customer', site.customer],
            ['Agreed supply capacity', `${fixed(site.ascKva, 0)} kVA`],
            ['Authorised export', exportText(site)],
            ['Profile', <ProfileFact key="profile" site={site} />],
            ['Fed from', site.nodePath.map((node) => node.name).join(' › ')],
          ]}
        />
      </Section>
    </>
  )
}

function HubFact({ site }: { site: Connection }) {
  if (!site.hubId || !site.hubLink) return <>none</>
  return (
    <>
      <Link to="/hubs" search={{ hub: site.hubId }}>
        <Mark {...linkWords[site.hubLink]} />
      </Link>
      {site.import && (
        <>
          {', '}
          <Age at={site.import.at} />
        </>
      )}
    </>
  )
}

function ProfileFact({ site }: { site: Connection }) {
  const { profile } = site
  if (!profile) return <>none: the agreed supply capacity is the limit</>
  return (
    <>
      <Link to="/applications/$profileId" params={{ profileId: profile.profileId }}>
        version {profile.version}
      </Link>
      , {profile.state}, {daySpanInWords(profile.validFrom, profile.validTo)}
    </>
  )
}
