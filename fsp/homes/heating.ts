import { isWorkingDay } from '../../platform/calendar/index.ts'
import type { EstateSeed } from '../../schemas/fsp/homes.ts'
import { quarterOf } from '../../schemas/vocabulary/time.ts'
import { localMomentOf } from '../simulator/common/local-time.ts'
import { randomOf } from '../simulator/common/random.ts'

/** What simulated heating follows from. */
export type Heating = Pick<EstateSeed, 'siteId' | 'homes' | 'heatPumpW'>

/** Share of its rating that a heat pump needs, from a local time on: homes warm up before breakfast, and again when people come in. */
const needs: readonly { fromMinute: number; workingDay: number; otherDay: number }[] = [
  { fromMinute: 0, workingDay: 0.3, otherDay: 0.3 },
  { fromMinute: 5 * 60, workingDay: 0.7, otherDay: 0.45 },
  { fromMinute: 9 * 60, workingDay: 0.45, otherDay: 0.6 },
  { fromMinute: 16 * 60, workingDay: 0.75, otherDay: 0.7 },
  { fromMinute: 21 * 60, workingDay: 0.45, otherDay: 0.45 },
]

/** How far one day's weather moves the need of all homes, as a share of it. */
const weather = 0.08

/** What an estate's heat pumps draw if nobody turns them down, W, constant through a quarter-hour. The same on every call. */
export function undisturbedW(estate: Heating, seed: number, atMs: number): number {
  const quarterMs = quarterOf(atMs)
  const { day, minute } = localMomentOf(quarterMs)
  const step = needs.findLast(({ fromMinute }) => fromMinute <= minute)
  if (!step) throw new Error('the needs of a day do not start at midnight')
  const ofDay = 1 + weather * (2 * randomOf(seed, 'weather', estate.siteId, day.toString())() - 1)
  const share = (isWorkingDay(day) ? step.workingDay : step.otherDay) * ofDay
  const random = randomOf(seed, 'heat', estate.siteId, quarterMs)
  let sumW = 0
  for (let home = 0; home < estate.homes; home++) sumW += estate.heatPumpW * Math.min(1, share * (0.6 + 0.8 * random()))
  return Math.round(sumW)
}
