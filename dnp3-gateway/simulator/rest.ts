import type { Instant } from '@js-joda/core'
import { localTimeOf } from '../../schemas/vocabulary/time.ts'

/** What the rest of a substation draws on its feeder. */
export interface RestOfNode {
  readonly feeder: number
  readonly dayW: number
  readonly nightW: number
}

const minutesADay = 1_440
/** The local minute of the lowest load, 04:00; the highest is twelve hours later. */
const lowestMinute = 240

/** Load of the rest of a substation at an instant, W: a wave between its night and its day, in whole watts. */
export function restLoadW({ dayW, nightW }: RestOfNode, at: Instant): number {
  const local = localTimeOf(at)
  const minute = local.hour() * 60 + local.minute()
  const share = (1 - Math.cos((2 * Math.PI * (minute - lowestMinute)) / minutesADay)) / 2
  return Math.round(nightW + (dayW - nightW) * share)
}
