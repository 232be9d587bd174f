import type { z } from 'zod'
import type { EditionKind } from '../../../../schemas/planning/demand-editions.ts'
import type {
  DemandRun,
  mappingMethod,
  networkRunForm,
  RunNode,
  tripRunForm,
} from '../../../../schemas/planning/demand-runs.ts'
import type { NetworkRunSummary, TripRunSummary } from '../../../../schemas/planning/demand-summaries.ts'
import { count, fixed, percent, power } from '../../../shared/format/power.ts'
import type { Wording } from '../../../shared/format/words.ts'

export type MappingMethod = z.infer<typeof mappingMethod>
export type NetworkRecord = z.output<typeof networkRunForm>
export type TripRecord = z.output<typeof tripRunForm>

/** A run over the network with what it was asked and what it found; `null` summary before it is done. */
export interface NetworkRun {
  record: NetworkRecord
  summary: NetworkRunSummary | null
}

/** A run as one over the network; `null` if it is over trips. */
export function networkRunOf({ kind, record, summary }: DemandRun): NetworkRun | null {
  return kind === 'network' ? { record: record as NetworkRecord, summary: summary as NetworkRunSummary | null } : null
}

/** A run as one over trips; `null` if it is over the network. */
export function tripRunOf({ kind, record, summary }: DemandRun) {
  return kind === 'trips' ? { record: record as TripRecord, summary: summary as TripRunSummary | null } : null
}

export const runStateWords: Record<DemandRun['state'], Wording> = {
  waiting: { word: 'Waiting', tone: 'normal', shape: 'ring' },
  running: { word: 'Running', tone: 'normal', shape: 'arrow' },
  done: { word: 'Done', tone: 'quiet', shape: 'tick' },
  failed: { word: 'Failed', tone: 'fault', shape: 'cross' },
  cancelled: { word: 'Cancelled', tone: 'quiet', shape: 'bar' },
}

/** Shown wherever a result rests on data that nobody recorded. */
export const madeUp: Wording = { word: 'Made-up data', tone: 'doubt', shape: 'dashed' }

export const runKindWords: Record<DemandRun['kind'], string> = { network: 'Network', trips: 'Trips' }

/** How areas are given to substations, and what is known to be wrong with it (docs/demand.md). */
export const methodWords: Record<MappingMethod, { word: string; bias: string }> = {
  connectivity: {
    word: 'Connectivity',
    bias: 'By the known customers of each substation in the area; as old as its list.',
  },
  'feeding-area': {
    word: 'Feeding areas',
    bias: 'By the parts of the area in feeding areas; customers are not spread evenly in them.',
  },
  'customer-share': {
    word: 'Customer share',
    bias: 'By the customers of the substations in the area; one at the border feeds the neighbours too.',
  },
  'largest-in-area': {
    word: 'Largest in the area',
    bias: 'All to the substation of the greatest capacity: too optimistic where several share the load.',
  },
  'smallest-in-area': {
    word: 'Smallest in the area',
    bias: 'All to the substation of the least capacity: by intent the worst case.',
  },
  'all-in-area': {
    word: 'All in the area',
    bias: 'To all substations by their capacity: by intent the best case.',
  },
  nearest: { word: 'Nearest', bias: 'All to the substation nearest to the middle of the area, whatever lies between.' },
}

export const confidenceWords: Record<NonNullable<RunNode['confidence']>, string> = {
  high: 'high',
  medium: 'medium',
  low: 'low',
}

export const editionKindWords: Record<EditionKind | 'network', string> = {
  trips: 'Trips',
  vehicles: 'Vehicle models',
  'charge-points': 'Charge points',
  areas: 'Areas',
  'off-street': 'Off-street parking',
  growth: 'Growth scenario',
  'feeding-areas': 'Feeding areas',
  connectivity: 'Connectivity',
  'hv-sites': 'Sites at high voltage',
  profiles: 'Charging profiles',
  network: 'Network as a run read it',
}

/** What a run has found, short enough for a row; a dash before it is done. */
export function resultInWords(run: DemandRun): string {
  const [network, trips] = [networkRunOf(run)?.summary, tripRunOf(run)?.summary]
  if (network) {
    const { nodes, nodesExceeded, firstYear } = network
    if (nodesExceeded === 0) return `none of ${count(nodes, 'node')} exceeded`
    return `${fixed(nodesExceeded, 0)} of ${count(nodes, 'node')} exceeded${firstYear ? `, first in ${firstYear}` : ''}`
  }
  if (trips) return `${count(trips.vehicles, 'vehicle')}; ${percent(trips.onShiftShare)} of shifts charge on shift`
  return '–'
}

/** What a run over the network has found, in sentences. */
export function networkInWords({ record, summary }: NetworkRun): string[] {
  if (!summary) return []
  const { nodes, nodesExceeded, nodesUnknown, firstYear, years, areas, areasByNearest, areasWithoutNode } = summary
  const last = years.at(-1) ?? record.toYear
  const exceeded =
    nodesExceeded === 0
      ? `By ${last} EV demand stays within the headroom of every node whose headroom is known.`
      : `By ${last} EV demand exceeds the headroom of ${fixed(nodesExceeded, 0)} of ${count(nodes, 'node')}${firstYear ? `, of the first in ${firstYear}` : ''}.`
  const unknown =
    nodesUnknown === 0
      ? ''
      : `The headroom of ${count(nodesUnknown, 'node')} is not known, so nothing can be said of ${nodesUnknown === 1 ? 'it' : 'them'}: state rating and load, and run again.`
  const mapped = `${count(areas, 'area')} mapped: ${methodWords[record.method].word.toLowerCase()}${areasByNearest > 0 && record.method !== 'nearest' ? `; ${fixed(areasByNearest, 0)} of them had no substation to go by and take the nearest` : ''}${areasWithoutNode > 0 ? `; ${fixed(areasWithoutNode, 0)} have no substation at all, and their demand counts nowhere` : ''}.`
  return [exceeded, unknown, mapped].filter((sentence) => sentence !== '')
}

/** What a run over trips has found, in sentences. */
export function tripsInWords({
  vehicles,
  trips,
  shifts,
  onShiftShare,
  vehiclesWithoutModel,
  homesUnknown,
}: TripRunSummary): string[] {
  return [
    `${count(trips, 'trip')} of ${count(vehicles, 'vehicle')} in ${count(shifts, 'shift')}; ${percent(onShiftShare)} of shifts charge on shift. The trial found 15 to 20 %.`,
    vehiclesWithoutModel === 0
      ? ''
      : `${count(vehiclesWithoutModel, 'vehicle')} ${vehiclesWithoutModel === 1 ? 'is' : 'are'} left out: no model on record.`,
    homesUnknown === 0 ? '' : `${count(homesUnknown, 'home')} could not be told from log-ons and log-offs.`,
  ].filter((sentence) => sentence !== '')
}

type Finding = Pick<RunNode, 'firstYear' | 'isKnown' | 'hoursOver' | 'leastHeadroomW' | 'peakW'>

/** A node by its last year, in sentences. */
export function nodeInWords(
  { firstYear, isKnown, hoursOver, leastHeadroomW, peakW }: Finding,
  lastYear: number,
): string {
  const peak = `EV demand peaks at ${power(peakW)} in ${lastYear}`
  if (!isKnown)
    return `${peak}. Whether that is too much is not known: neither rating nor load of this node is complete.`
  if (firstYear === null) return `${peak} and leaves at least ${power(leastHeadroomW ?? 0)} of headroom at any time.`
  return `Exceeded first in ${firstYear}. ${peak}, up to ${power(-(leastHeadroomW ?? 0))} over the headroom, in ${hoursInWords(hoursOver ?? 0)} of the year.`
}

/** Hours of a year. */
export function hoursInWords(hours: number): string {
  return `${fixed(hours, hours > 0 && hours < 10 ? 1 : 0)}\u00a0h`
}
