import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import type { DepotState } from '../../../../schemas/fsp/depot-api.ts'
import { useToday } from '../../../shared/clock.ts'
import { DayPicker } from '../../../shared/components/day-picker.tsx'
import { Notice } from '../../../shared/components/notice.tsx'
import { Facts, Section } from '../../../shared/components/page.tsx'
import { Totals } from '../../../shared/components/totals.tsx'
import { kw, power } from '../../../shared/format/power.ts'
import { dayAndTime } from '../../../shared/format/time.ts'
import { limitWords } from '../../words.ts'
import { AverageChart, DayChart } from './charts.tsx'
import { DepotPage } from './depot-page.tsx'
import { loadInWords, socketsInWords } from './figures.ts'
import { SiteLoad } from './site-load.tsx'

/** TDB06–13: load, limits, buffer and headroom of a depot, now and as a chart of a day past, present or ahead, or of the average. */
export function DepotLoad() {
  const { depotId } = useParams({ from: '/inside/depots/$depotId' })
  return (
    <DepotPage depotId={depotId}>
      {(depot) => (
        <>
          <Now depot={depot} />
          <Charts depotId={depotId} />
          {depot.decision && <Limits decision={depot.decision} />}
        </>
      )}
    </DepotPage>
  )
}

function Now({ depot }: { depot: DepotState }) {
  const { decision, depotId, sockets } = depot
  const { tone, text } = loadInWords(depot)
  return (
    <>
      <Notice tone={tone}>{text}</Notice>
      {decision && (
        <Totals
          items={[
            { term: 'Capacity', value: power(decision.capacityW) },
            { term: 'Depot load', value: <SiteLoad decision={decision} /> },
            { term: 'EV load', value: decision.evLoadW === null ? 'not known' : power(decision.evLoadW) },
            { term: 'Buffer', value: power(decision.bufferW) },
            { term: 'Headroom', value: power(decision.headroomW) },
            {
              term: 'Charge points',
              value: (
                <Link to="/depots/$depotId/sockets" params={{ depotId }}>
                  {socketsInWords(sockets)}
                </Link>
              ),
              isWords: true,
            },
          ]}
        />
      )}
    </>
  )
}

const views = { day: 'A day', weekday: 'Average weekday', weekend: 'Average weekend' } as const

function Charts({ depotId }: { depotId: string }) {
  const search = useSearch({ from: '/inside/depots/$depotId' })
  const navigate = useNavigate({ from: '/depots/$depotId' })
  const today = useToday()
  const { day = today, view = 'day' } = search
  return (
    <Section
      title="Demand, headroom and capacity"
      actions={
        <>
          <select
            className="rm-select"
            aria-label="What the chart shows"
            value={view}
            onChange={(event) => {
              const next = event.currentTarget.value as keyof typeof views
              void navigate({ search: next === 'day' ? {} : { view: next }, replace: true })
            }}
          >
            {Object.entries(views).map(([value, word]) => (
              <option key={value} value={value}>
                {word}
              </option>
            ))}
          </select>
          {view === 'day' && (
            <DayPicker
              day={day}
              today={today}
              onChange={(next) => void navigate({ search: next === today ? {} : { day: next }, replace: true })}
            />
          )}
        </>
      }
    >
      {view === 'day' ? (
        <DayChart key={day} depotId={depotId} day={day} today={today} />
      ) : (
        <AverageChart depotId={depotId} dayType={view} today={today} />
      )}
    </Section>
  )
}

type Decision = NonNullable<DepotState['decision']>

/** Every limit of the site's import; the least is the capacity. */
function Limits({ decision }: { decision: Decision }) {
  const limits = decision.limits.toSorted((a, b) => a.limitW - b.limitW)
  return (
    <Section title="Limits of the site’s import">
      <Facts
        items={limits.map(({ source, name, limitW }, i) => [
          name === null ? limitWords[source] : `${limitWords[source]}: ${name}`,
          i === 0 ? `${kw(limitW)}, in force` : kw(limitW),
        ])}
      />
      {decision.flexibilityCapW !== null && (
        <Notice>A turn-down is in force: vehicles take at most {kw(decision.flexibilityCapW)}.</Notice>
      )}
      <p>Decided at {dayAndTime(decision.at)}.</p>
    </Section>
  )
}
