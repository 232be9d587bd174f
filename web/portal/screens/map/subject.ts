import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import type { Degrees, MapLayer, MapNodes } from '../../../../schemas/grid/network-map.ts'
import type { DemandRun, RunNode } from '../../../../schemas/planning/demand-runs.ts'
import { count, power } from '../../../shared/format/power.ts'
import { timeOfDay } from '../../../shared/format/time.ts'
import type { Wording } from '../../../shared/format/words.ts'
import { listedAtMost, mapNodesQuery, scenariosQuery, yearsOf } from '../../map-queries.ts'
import { runNodesQuery } from '../../planning-queries.ts'
import { nodeKindWords } from '../network/words.ts'
import { kindInWords } from '../planning/node-columns.tsx'
import type { Drawn } from './style.ts'
import { layerTiles, runTiles } from './tiles.ts'
import { amountOf, headroomInWords, type Legend, legendOf, runLegendOf, runStateOf, type Subject } from './words.ts'

/** A node as the table beside the map has it. */
export interface MapRow {
  nodeId: string
  name: string
  kind: string
  place: Degrees | null
  /** `null` for places, which have no state. */
  wording: Wording | null
  amount: string
}

/** What the screen shows of a subject: the same nodes as marks and as rows. */
export interface Shown {
  drawn: Drawn
  rows: MapRow[]
  /** How many nodes are in each state, where that is known of all. */
  counts: Readonly<Record<string, number>> | null
  /** What shades of areas mean, from 0 on; `null` for the shade of few. Missing where there are marks. */
  shadeWords?: { shade: number | null; word: string }[]
  /** How far what is shown reaches, where that is not the network. */
  bounds?: MapNodes['bounds']
  /** The heads of the columns of names and of amounts. */
  nameHead: string
  amountHead: string
  /** What the reader has to know besides. */
  notes: string[]
  empty: string
}

/** The scenario and the year that are shown, out of those that there are. */
export interface Scenario {
  runs: readonly DemandRun[]
  run: DemandRun | undefined
  years: readonly number[]
  year: number | undefined
}

/** Whether a subject is of a run of EV demand. */
export function isOfRun(subject: Subject): subject is 'demand' | 'exceedance' {
  return subject === 'demand' || subject === 'exceedance'
}

/** The scenario that an address asks for; the latest, and this year, where it asks for none. */
export function useScenario(wanted: { run?: string | undefined; year?: number | undefined }, thisYear: number) {
  const query = useQuery(scenariosQuery)
  const runs = query.data ?? []
  const run = runs.find(({ runId }) => runId === wanted.run) ?? runs[0]
  const years = run ? yearsOf(run) : []
  const asked = wanted.year ?? thisYear
  const year = years.includes(asked) ? asked : years[0]
  return { query, scenario: { runs, run, years, year } satisfies Scenario }
}

/** The nodes of a subject, as marks and as rows; `data` is missing until they are read. */
export function useShownNodes(subject: Subject, { run, year }: Scenario, attempt: number) {
  const layer: MapLayer | null = mapLayer(subject)
  const network = useQuery({ ...mapNodesQuery(layer ?? 'headroom'), enabled: layer !== null })
  const filter = { limit: listedAtMost, ...(year === undefined ? {} : { year }) }
  const nodes = useQuery({ ...runNodesQuery(run?.runId ?? '', filter), enabled: isOfRun(subject) && run !== undefined })
  if (layer !== null) return withData(network, (data) => shownOfLayer(layer, data, network.dataUpdatedAt + attempt))
  if (!isOfRun(subject) || !run || year === undefined) return null
  return withData(nodes, ({ items, nextCursor }) =>
    shownOfRun({ subject, run, year, items, isWhole: nextCursor === null, version: attempt }),
  )
}

/** A subject that is a layer of the network. */
function mapLayer(subject: Subject): MapLayer | null {
  return subject === 'headroom' || subject === 'hubs' || subject === 'alarms' || subject === 'tenders' ? subject : null
}

/** A query with what is shown of its data, in place of the data. */
export function withData<T>(query: UseQueryResult<T, Error>, of: (data: T) => Shown): UseQueryResult<Shown, Error> {
  return { ...query, data: query.data === undefined ? undefined : of(query.data) } as UseQueryResult<Shown, Error>
}

function wordingIn(legend: readonly Legend[], state: string): Wording {
  const found = legend.find((each) => each.state === state)
  return found ? { ...found.wording, word: found.short } : { word: state, tone: 'doubt', shape: 'dashed' }
}

const emptyWords: Readonly<Record<MapLayer, string>> = {
  headroom: 'No network has been imported yet.',
  hubs: 'No hub has been set up yet.',
  alarms: 'No open alarm is at any node.',
  tenders: 'No tender is open, to be decided on or in service.',
}

const amountHeads: Readonly<Record<MapLayer, string>> = {
  headroom: 'Least of today',
  hubs: 'Hubs',
  alarms: 'Open',
  tenders: 'Tender',
}

function shownOfLayer(layer: MapLayer, data: MapNodes, version: number): Shown {
  const legend = legendOf(layer)
  const rows = data.items.map((node) => ({
    nodeId: node.nodeId,
    name: node.name,
    kind: nodeKindWords[node.kind],
    place: node.place,
    wording: wordingIn(legend, node.state),
    amount: amountOf(node),
  }))
  const total = Object.values(data.counts).reduce((sum, n) => sum + n, 0)
  return {
    drawn: {
      subject: layer,
      year: null,
      tiles: layerTiles(layer, version),
      sketch: layerTiles('tenders', 0),
      legend,
      shades: null,
    },
    rows,
    counts: data.counts,
    nameHead: 'Node',
    amountHead: amountHeads[layer],
    empty: emptyWords[layer],
    notes: [
      ...(layer === 'headroom' ? [`As of ${timeOfDay(data.at)}; computed anew every five minutes at most.`] : []),
      ...(rows.length < total
        ? [`The table has the first ${count(rows.length, 'node')} of ${count(total, 'node')}.`]
        : []),
      ...placeNotes(data.withoutPlace),
      ...(data.withoutNode > 0 ? [elsewhereNote(layer, data.withoutNode)] : []),
    ],
  }
}

function placeNotes(withoutPlace: number): string[] {
  if (withoutPlace === 0) return []
  const one = withoutPlace === 1
  return [
    `${count(withoutPlace, 'node')} ${one ? 'has' : 'have'} no location on record: only the table has ${one ? 'it' : 'them'}.`,
  ]
}

function elsewhereNote(layer: MapLayer, n: number): string {
  const [one, many] =
    layer === 'alarms' ? ['alarm', 'alarms'] : layer === 'hubs' ? ['hub', 'hubs'] : ['tender', 'tenders']
  return `${count(n, `${one} belongs`, `${many} belong`)} to no node of the network.`
}

interface OfRun {
  subject: 'demand' | 'exceedance'
  run: DemandRun
  year: number
  items: readonly RunNode[]
  isWhole: boolean
  version: number
}

function shownOfRun({ subject, run, year, items, isWhole, version }: OfRun): Shown {
  const legend = runLegendOf(subject, year)
  const rows = items.map((node) => ({
    nodeId: node.nodeId,
    name: node.name,
    kind: kindInWords(node.kind),
    place: node.place,
    wording: wordingIn(legend, runStateOf(subject, node, year)),
    amount: subject === 'demand' ? power(node.peakW) : firstYearInWords(node, run),
  }))
  const total = Number(run.summary?.['nodes'] ?? rows.length)
  return {
    drawn: {
      subject,
      year,
      tiles: runTiles(run.runId, year, version),
      sketch: layerTiles('tenders', 0),
      legend,
      shades: null,
    },
    rows,
    counts: null,
    nameHead: 'Node',
    amountHead: subject === 'demand' ? `Peak in ${year}` : 'First year over',
    empty: 'This run gives no demand to any node.',
    notes: [
      ...(run.isSynthetic
        ? ['This run is over made-up data: it shows what the map can show, and says nothing of real demand.']
        : []),
      ...(subject === 'demand' ? ['The larger a mark, the higher the peak of the EV demand of the year.'] : []),
      ...(isWhole ? [] : [`The table has the first ${count(rows.length, 'node')} of ${count(total, 'node')}.`]),
      ...placeNotes(items.filter(({ place }) => place === null).length),
    ],
  }
}

function firstYearInWords({ isKnown, firstYear, leastHeadroomW }: RunNode, run: DemandRun): string {
  if (!isKnown) return headroomInWords(leastHeadroomW)
  return firstYear === null ? `not by ${yearsOf(run).at(-1)}` : String(firstYear)
}
