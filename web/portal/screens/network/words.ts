import { maximaOf, type NetworkNode, type RecordedMaximum } from '../../../../schemas/grid/connections.ts'
import { fixed } from '../../../shared/format/power.ts'
import { dayInWords } from '../../../shared/format/time.ts'

export const nodeKindWords: Record<NetworkNode['kind'], string> = {
  gsp: 'Grid supply point',
  bsp: 'Bulk supply point',
  primary: 'Primary substation',
  secondary: 'Secondary substation',
  feeder: 'Feeder',
}

/** kVA, or that nobody knows. */
export function kva(value: number | null | undefined): string {
  return value === null || value === undefined ? 'not known' : `${fixed(value, 0)} kVA`
}

const methodWords: Record<RecordedMaximum['method'], string> = {
  metered: 'metered',
  'annual-reading': 'read once a year',
  estimated: 'estimated',
  design: 'a design figure',
  unknown: 'method unknown',
}

/** A recorded maximum with what is known of it: `500 kVA, undated, read once a year, confidence low`. */
export function recordInWords({ kva: value, on, method, confidence }: RecordedMaximum): string {
  const trust = confidence === 'unknown' ? [] : [`confidence ${confidence}`]
  return [kva(value), on ? `of ${dayInWords(on)}` : 'undated', methodWords[method], ...trust].join(', ')
}

/** The recorded maximum of a season of a node. */
export function maximumInWords(node: NetworkNode, season: RecordedMaximum['season']): string {
  const found = maximaOf(node).find((each) => each.season === season)
  return found ? recordInWords(found) : kva(null)
}
