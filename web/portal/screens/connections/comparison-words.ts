import type { LoadComparison, LoadDifference, NotCompared } from '../../../../schemas/grid/differences.ts'
import { kw } from '../../../shared/format/power.ts'
import type { Wording } from '../../../shared/format/words.ts'

const reasons: Record<NotCompared, string> = {
  'neither-measured': 'Neither measured',
  'hub-not-measured': 'The hub has nothing',
  'monitor-not-measured': 'The monitor has nothing',
  'hub-incomplete': 'The hub is incomplete',
  'monitor-incomplete': 'The monitor is incomplete',
  'direction-unknown': 'Direction unknown',
  'poor-quality': 'Poor quality',
}

/** What a half-hour comes to; where the two are not compared, why. */
export function verdictWords({ verdict, reason }: LoadDifference): Wording {
  if (verdict === 'agrees') return { word: 'Agrees', tone: 'normal', shape: 'ring' }
  if (verdict === 'differs') return { word: 'Differs', tone: 'risk', shape: 'diamond' }
  return {
    word: `Not compared: ${reasons[reason ?? 'neither-measured'].toLowerCase()}`,
    tone: 'doubt',
    shape: 'dashed',
  }
}

/** How many half-hours differ, and the largest difference. */
export function comparisonInWords({ halfHours }: LoadComparison): string {
  const compared = halfHours.filter(({ differenceW }) => differenceW !== null)
  const differing = compared.filter(({ verdict }) => verdict === 'differs').length
  const most = Math.max(0, ...compared.map(({ differenceW }) => Math.abs(differenceW ?? 0)))
  const not = halfHours.length - compared.length
  const left = not === 0 ? '' : ` ${not} could not be compared.`
  return `${differing} of ${compared.length} half-hours differ by more than the tolerance, the most by ${kw(most)}.${left} The connection is judged by the hub.`
}

/** The last comparison of a connection in a few words. */
export function lastComparisonInWords(last: LoadDifference): string {
  const { differenceW, verdict } = last
  const by = kw(Math.abs(differenceW ?? 0))
  return verdict === 'agrees'
    ? `monitor agrees, within ${by}`
    : `monitor ${(differenceW ?? 0) > 0 ? 'above' : 'below'} by ${by}`
}
