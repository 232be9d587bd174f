import { useQuery } from '@tanstack/react-query'
import type { DemandRun, PlaceFigure, RunPlaces } from '../../../../schemas/planning/demand-runs.ts'
import { count, fixed } from '../../../shared/format/power.ts'
import { runPlacesQuery, tripRunsQuery } from '../../map-queries.ts'
import { type MapRow, type Shown, withData } from './subject.ts'
import { layerTiles, type PlacesBy, placeTiles } from './tiles.ts'
import { fewWords, type Subject } from './words.ts'

/** Whether a subject is of the places of a run over trips. */
export function isOfPlaces(subject: Subject): subject is PlaceFigure {
  return subject === 'homes' || subject === 'trips'
}

/** The run over trips that an address asks for, or the latest, and what its places are. */
export interface Trips {
  runs: readonly DemandRun[]
  run: DemandRun | undefined
  by: PlacesBy
}

export function useTrips(wanted: { run?: string | undefined; by?: PlacesBy | undefined }) {
  const query = useQuery(tripRunsQuery)
  const runs = query.data ?? []
  const run = runs.find(({ runId }) => runId === wanted.run) ?? runs[0]
  return { query, trips: { runs, run, by: wanted.by ?? 'borough' } satisfies Trips }
}

/** The places of a run as areas and as rows; `null` while there is no run. */
export function useShownPlaces(subject: Subject, { run, by }: Trips, attempt: number) {
  const figure = isOfPlaces(subject) ? subject : 'homes'
  const query = useQuery(runPlacesQuery(isOfPlaces(subject) ? run?.runId : undefined, by, figure))
  if (!run) return null
  return withData(query, (data) => shownOf({ run, by, figure, data, version: attempt }))
}

/** Upper ends of the shades of areas but the last: quarters of the most, whole and growing. */
export function shadesOf(most: number): number[] {
  const ends = [0.25, 0.5, 0.75].map((share) => Math.ceil(most * share))
  return [...new Set(ends)].filter((end) => end > 0 && end < most)
}

interface Given {
  run: DemandRun
  by: PlacesBy
  figure: PlaceFigure
  data: RunPlaces
  version: number
}

function shownOf({ run, by, figure, data, version }: Given): Shown {
  const shades = shadesOf(data.most)
  const rows = data.items.map(
    ({ place, borough, homes, trips }): MapRow => ({
      nodeId: place,
      name: place,
      kind: borough ?? '',
      place: null,
      wording: null,
      amount: figure === 'trips' ? fixed(trips, 0) : homes === null ? fewWords : fixed(homes, 0),
    }),
  )
  const withoutShape = data.items.filter(({ hasShape }) => !hasShape).length
  return {
    drawn: {
      subject: figure,
      year: null,
      tiles: placeTiles(run.runId, by, version),
      sketch: layerTiles('tenders', 0),
      legend: [],
      shades,
    },
    rows,
    bounds: data.bounds,
    counts: null,
    shadeWords: shadeWords(shades, data.most, figure === 'homes' && data.items.some(({ homes }) => homes === null)),
    nameHead: by === 'area' ? 'Area' : 'Borough',
    amountHead: figure === 'homes' ? 'Drivers who live there' : 'Trips that begin there',
    empty: 'The areas of this run have neither homes nor trips.',
    notes: [
      ...(run.isSynthetic ? ['This run is over made-up data: nobody lives where it says.'] : []),
      figure === 'homes'
        ? 'Where drivers seem to live: the area in which most of their shifts begin and end. Excluded areas have no homes.'
        : 'Trips that were given twice count once.',
      ...(rows.length < data.total
        ? [`The table has the first ${fixed(rows.length, 0)} of ${fixed(data.total, 0)}.`]
        : []),
      ...(withoutShape > 0 ? [`${count(withoutShape, 'place has', 'places have')} no shape on record.`] : []),
    ],
  }
}

/** What the shades mean, the lightest first. */
function shadeWords(
  shades: readonly number[],
  most: number,
  hasFew: boolean,
): { shade: number | null; word: string }[] {
  const ends = [...shades, most]
  const spans = ends.map((end, n) => {
    const from = n === 0 ? 1 : (ends[n - 1] ?? 0) + 1
    return { shade: n + 1, word: from >= end ? fixed(end, 0) : `${fixed(from, 0)} to ${fixed(end, 0)}` }
  })
  return [{ shade: 0, word: 'None' }, ...(hasFew ? [{ shade: null, word: fewWords }] : []), ...(most > 0 ? spans : [])]
}
