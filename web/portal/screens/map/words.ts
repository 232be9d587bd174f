import type { MapLayer, MapNode } from '../../../../schemas/grid/network-map.ts'
import type { RunNode } from '../../../../schemas/planning/demand-runs.ts'
import { count, power } from '../../../shared/format/power.ts'
import { linkWords, priorityWords, type Wording } from '../../../shared/format/words.ts'

/** What the map can show: the network as it is, what a run of EV demand expects, and where the drivers of a run over trips are. */
export type Subject = MapLayer | 'demand' | 'exceedance' | 'homes' | 'trips'

export const subjectWords: Readonly<Record<Subject, string>> = {
  headroom: 'Headroom today',
  hubs: 'Hubs',
  alarms: 'Open alarms',
  tenders: 'Tenders',
  demand: 'EV demand by year',
  exceedance: 'First year over headroom',
  homes: 'Homes of drivers',
  trips: 'Beginnings of trips',
}

/** A state that a mark can have: what its mark looks like, and what it means. */
export interface Legend {
  state: string
  wording: Wording
  /** For rows, which have less room. */
  short: string
}

const headroomWords: Readonly<Record<Extract<MapNode, { layer: 'headroom' }>['state'], Wording>> = {
  over: { word: 'More agreed than it can carry', tone: 'fault', shape: 'triangle' },
  tight: { word: 'Less than 5 % left', tone: 'risk', shape: 'diamond' },
  unknown: { word: 'Headroom not known', tone: 'doubt', shape: 'dashed' },
  fits: { word: 'Room left', tone: 'normal', shape: 'dot' },
}

const hubsWords: Readonly<Record<Extract<MapNode, { layer: 'hubs' }>['state'], Wording>> = {
  silent: { word: 'A hub is silent', tone: 'fault', shape: 'cross' },
  'never-seen': { ...linkWords['never-seen'], word: 'A hub was never heard' },
  answering: { word: 'All hubs answer', tone: 'normal', shape: 'dot' },
}

const tendersWords: Readonly<Record<Extract<MapNode, { layer: 'tenders' }>['state'], Wording>> = {
  'to-evaluate': { word: 'Gate closed, to be evaluated', tone: 'risk', shape: 'diamond' },
  'to-award': { word: 'Evaluated, to be awarded', tone: 'risk', shape: 'square' },
  open: { word: 'Open for bids', tone: 'normal', shape: 'ring' },
  draft: { word: 'Draft', tone: 'normal', shape: 'dashed' },
  awarded: { word: 'Awarded', tone: 'normal', shape: 'dot' },
}

const shortWords: Readonly<Record<string, string>> = {
  over: 'Over',
  tight: 'Tight',
  unknown: 'Not known',
  silent: 'Silent',
  'never-seen': 'Never heard',
  answering: 'Answering',
  'to-evaluate': 'To be evaluated',
  'to-award': 'To be awarded',
}

const layerWords = { headroom: headroomWords, hubs: hubsWords, alarms: priorityWords, tenders: tendersWords }

/** The states of a layer of the network, those that need someone first. */
export function legendOf(layer: MapLayer): Legend[] {
  return Object.entries<Wording>(layerWords[layer]).map(([state, wording]) => ({
    state,
    wording,
    short: shortWords[state] ?? wording.word,
  }))
}

/** Years after the chosen one within which a node that will be exceeded is at risk: a reinforcement takes about as long. */
export const soonYears = 5

/** The states of a node of a run. */
export type RunState = 'over' | 'soon' | 'unknown' | 'fits'

/** The states of a run’s nodes in a year; `soon` is only where first years are shown. */
export function runLegendOf(subject: 'demand' | 'exceedance', year: number): Legend[] {
  const over: Wording = {
    word: subject === 'demand' ? `Over its headroom in ${year}` : `Over its headroom by ${year}`,
    tone: 'fault',
    shape: 'triangle',
  }
  const soon: Wording = { word: `Over it by ${year + soonYears}`, tone: 'risk', shape: 'diamond' }
  const fits: Wording = {
    word: subject === 'demand' ? 'Within its headroom' : 'Later, or not at all',
    tone: 'normal',
    shape: 'dot',
  }
  return [
    { state: 'over', wording: over, short: 'Over' },
    ...(subject === 'exceedance' ? [{ state: 'soon', wording: soon, short: `Over by ${year + soonYears}` }] : []),
    { state: 'unknown', wording: headroomWords.unknown, short: 'Not known' },
    { state: 'fits', wording: fits, short: subject === 'demand' ? 'Within' : 'Later' },
  ]
}

/** The state of a run’s node in a year. The tiles’ marks are chosen by the same rule (`style.ts`). */
export function runStateOf(
  subject: 'demand' | 'exceedance',
  node: Pick<RunNode, 'isKnown' | 'firstYear' | 'leastHeadroomW'>,
  year: number,
): RunState {
  if (!node.isKnown) return 'unknown'
  if (subject === 'demand') return (node.leastHeadroomW ?? 0) < 0 ? 'over' : 'fits'
  if (node.firstYear === null || node.firstYear > year + soonYears) return 'fits'
  return node.firstYear <= year ? 'over' : 'soon'
}

/** What a node has, beside its state. */
export function amountOf(node: MapNode): string {
  switch (node.layer) {
    case 'headroom':
      return headroomInWords(node.leastHeadroomW)
    case 'hubs':
      return hubsInWords(node)
    case 'alarms':
      return count(node.alarms, 'alarm')
    case 'tenders':
      return node.tenders === 1 ? node.first.title : `${node.first.title} and ${count(node.tenders - 1, 'other')}`
  }
}

/** Headroom in words: what is not known is neither 0 nor left out. */
export function headroomInWords(leastHeadroomW: number | null): string {
  if (leastHeadroomW === null) return 'not known'
  return leastHeadroomW < 0 ? `${power(-leastHeadroomW)} too much` : `${power(leastHeadroomW)} left`
}

function hubsInWords({ hubs, silent, neverSeen }: Extract<MapNode, { layer: 'hubs' }>): string {
  const parts = [
    count(hubs, 'hub'),
    ...(silent > 0 ? [`${silent} silent`] : []),
    ...(neverSeen > 0 ? [`${neverSeen} never heard`] : []),
  ]
  return parts.join(', ')
}

/** What is counted in a place: `12 drivers live here`. */
export function placeInWords(
  subject: Subject,
  { homes, trips = 0, isFew }: { homes?: number; trips?: number; isFew?: boolean },
): string {
  if (subject === 'trips') return count(trips, 'trip begins here', 'trips begin here')
  if (isFew) return `${fewWords} live here`
  return count(homes ?? 0, 'driver lives here', 'drivers live here')
}

/** How many few are is not told of real drivers. */
export const fewWords = 'fewer than 5 drivers'
