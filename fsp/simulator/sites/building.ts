import { isWorkingDay } from '../../../platform/calendar/index.ts'
import type { DepotSeed } from '../../../schemas/fsp/depots.ts'
import { localMomentOf } from '../common/local-time.ts'
import { randomOf } from '../common/random.ts'

const minuteMs = 60_000
const noiseStepMs = 15 * minuteMs

/** Share of the building's day load by minute of the day: rises from 05:00 to 08:00, falls from 18:00 to 22:00. */
function dayShare(minute: number): number {
  const ramp = (from: number, to: number) => Math.min(1, Math.max(0, (minute - from) / (to - from)))
  const smooth = (x: number) => x * x * (3 - 2 * x)
  return smooth(ramp(300, 480)) * (1 - smooth(ramp(1080, 1320)))
}

function slowNoise(seed: number, depotId: string, atMs: number): number {
  const step = Math.floor(atMs / noiseStepMs)
  const at = (n: number) => randomOf(seed, 'building', depotId, n)() * 2 - 1
  const part = atMs / noiseStepMs - step
  return at(step) * (1 - part) + at(step + 1) * part
}

/** Load of a depot's building during the minute of `atMs`, W: an integer, the same on every call. */
export function buildingLoadW(depot: DepotSeed, seed: number, atMs: number): number {
  const minuteStart = Math.floor(atMs / minuteMs) * minuteMs
  const { day, minute } = localMomentOf(minuteStart)
  const { dayW, nightW } = depot.building
  const swing = (dayW - nightW) * (isWorkingDay(day) ? 1 : 0.35)
  const quick = randomOf(seed, 'building-minute', depot.depotId, minuteStart / minuteMs)() * 2 - 1
  const noise = 1 + 0.03 * slowNoise(seed, depot.depotId, minuteStart) + 0.01 * quick
  return Math.round((nightW + swing * dayShare(minute)) * noise)
}
