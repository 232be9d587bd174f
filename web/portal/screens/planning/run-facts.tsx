import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { DemandRun } from '../../../../schemas/planning/demand-runs.ts'
import { Facts } from '../../../shared/components/page.tsx'
import { fixed, percent } from '../../../shared/format/power.ts'
import { demandEditionsQuery, demandRunQuery } from '../../planning-queries.ts'
import { useRefusal } from '../../session.ts'
import { nodeKindWords } from '../network/words.ts'
import { figureText } from './figures.ts'
import { tripFigures } from './new-run/trip-figures.ts'
import { editionKindWords, methodWords, type NetworkRecord, networkRunOf, type TripRecord, tripRunOf } from './words.ts'

type Fact = readonly [term: string, value: ReactNode]

/** Every edition and figure of a run, from its record. */
export function RunFacts({ run }: { run: DemandRun }) {
  const [network, trips] = [networkRunOf(run)?.record, tripRunOf(run)?.record]
  const ownFacts = network ? networkFacts(network) : trips ? tripFacts(trips) : []
  const { engineVersion } = run.record
  const marks: Fact[] = [
    ['Version of the engines', String(engineVersion)],
    ['Digest of the result', run.digest ? <code key="digest">{run.digest.slice(0, 16)}</code> : 'no result'],
  ]
  return <Facts items={[...ownFacts, ...marks]} />
}

function networkFacts(record: NetworkRecord): Fact[] {
  const { method, level, fromYear, toYear, tripRun, tripYear, wholeFleet, weather, few } = record
  const editions: [keyof typeof editionKindWords, string | null][] = [
    ['areas', record.areas],
    ['growth', record.growth],
    ['off-street', record.offStreet],
    ['feeding-areas', record.feedingAreas],
    ['connectivity', record.connectivity],
    ['hv-sites', record.hvSites],
  ]
  return [
    ['Method', methodWords[method].word],
    ['Mapped to', nodeKindWords[level]],
    ['Years', `${fromYear} to ${toYear}`],
    ...editions.flatMap(([kind, id]): Fact[] =>
      id ? [[editionKindWords[kind], <EditionName key={id} id={id} />]] : [],
    ),
    [
      editionKindWords.profiles,
      record.profiles ? <EditionName key={record.profiles} id={record.profiles} /> : 'those of the program',
    ],
    ['EV demand of trips', tripRun ? <RunName key={tripRun} id={tripRun} /> : 'none'],
    ...(tripRun
      ? ([
          ['Year of the trips', String(tripYear)],
          [
            'Whole fleet',
            wholeFleet === null ? 'grows as cars do' : `${fixed(wholeFleet, 1)} times the vehicles of the trips`,
          ],
        ] as const)
      : []),
    [
      'Weather',
      weather.perDegree === 0
        ? 'adds no energy'
        : `${percent(weather.perDegree)} more energy for each degree below ${weather.referenceC} °C`,
    ],
    [
      'Percentiles',
      `up to ${fixed(few.vehicles, 0)} vehicles, from ${fixed(few.draws, 0)} drawn days (seed ${few.seed})`,
    ],
  ]
}

function tripFacts(record: TripRecord): Fact[] {
  const { trips, vehicles, areas, chargePoints, offStreet, parameters } = record
  const editions: [keyof typeof editionKindWords, string[]][] = [
    ['trips', trips],
    ['vehicles', [vehicles]],
    ['areas', [areas]],
    ['charge-points', chargePoints ? [chargePoints] : []],
    ['off-street', offStreet ? [offStreet] : []],
  ]
  return [
    ...editions.map(
      ([kind, ids]): Fact => [
        editionKindWords[kind],
        ids.length === 0 ? 'none' : ids.map((id) => <EditionName key={id} id={id} />),
      ],
    ),
    ...Object.entries(tripFigures).map(
      ([name, figure]): Fact => [
        figure.label,
        `${figureText(parameters[name as keyof typeof tripFigures], figure)}${figure.unit ? `\u00a0${figure.unit}` : ''}`,
      ],
    ),
  ]
}

/** An edition by its name, leading to it; by its identifier for people who may not list editions. */
function EditionName({ id }: { id: string }) {
  const isPlanner = useRefusal('planner') === null
  const found = useQuery({ ...demandEditionsQuery(), enabled: isPlanner }).data?.find((each) => each.editionId === id)
  if (!isPlanner) return <code>{id.slice(0, 8)}</code>
  return (
    <Link to="/planning/editions" search={{ edition: id }}>
      {found?.name ?? id.slice(0, 8)}
    </Link>
  )
}

function RunName({ id }: { id: string }) {
  const title = useQuery(demandRunQuery(id)).data?.title
  return (
    <Link to="/planning/runs/$runId" params={{ runId: id }}>
      {title ?? id.slice(0, 8)}
    </Link>
  )
}
