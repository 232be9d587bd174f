import type { Instant, LocalDate } from '@js-joda/core'
import { LocalTime } from '@js-joda/core'
import { isWorkingDay } from '../../platform/calendar/index.ts'
import type { EvScheduleData } from '../../schemas/fsp/registers/calendars.ts'
import type { Country } from '../../schemas/vocabulary/country.ts'
import { dayEnd, settlementZone, tradingDayOf, weekdayOf } from '../../schemas/vocabulary/time.ts'
import { chargeEfficiency, type StateOfCharge } from './state-of-charge.ts'

/** What a vehicle needs by when: from the socket, Wh, and the instant at which it leaves. */
export interface VehicleNeed {
  departureMs: number
  missingWh: number
  /** `schedule`: its own; `vehicle`: as it says itself; `assumed`: neither, and it leaves on the next working morning. */
  basis: 'schedule' | 'vehicle' | 'assumed'
}

/** What a vehicle says itself that it needs (ISO 15118). What it leaves out is `null`. */
export interface SaidNeed {
  /** From the socket, as of when it said so, Wh. */
  energyWh: number | null
  departureMs: number | null
  /** What it has taken from the socket since, Wh. */
  takenSinceWh: number
}

/** What a vehicle's need follows from. */
export interface NeedSources {
  /** `null`: it has none. */
  schedule: EvScheduleData | null
  /** `null`: its type is not known. */
  usableBatteryWh: number | null
  soc: StateOfCharge | null
  /** What it has taken from the socket in this charge, and takes in a usual one (`null`: not known), Wh. */
  takenWh: number
  typicalWh: number | null
  /** `null`: it has said nothing. */
  said: SaidNeed | null
  /** Whose bank holidays its depot keeps. */
  country: Country
}

/** Assumptions where neither a schedule nor telematics says better: ours, not law. */
export const assumed = { leavesAt: LocalTime.of(6, 0), needWh: 20_000 }

/** A run of a vehicle: when it leaves, and what it takes out of the battery, Wh. */
export interface Run {
  atMs: number
  needWh: number
}

/** The end of the second working day of a country after an instant's own: how far ahead schedules count (domain section 6.10). */
export function horizonEnd(now: Instant, country: Country): Instant {
  let day = tradingDayOf(now)
  for (let found = 0; found < 2; ) {
    day = day.plusDays(1)
    if (isWorkingDay(day, country)) found++
  }
  return dayEnd(day)
}

/** The runs of a schedule after an instant and before another, in order. */
export function runsBetween(schedule: EvScheduleData, from: Instant, to: Instant): Run[] {
  const runs: Run[] = []
  for (let day = tradingDayOf(from); !day.isAfter(tradingDayOf(to)); day = day.plusDays(1))
    for (const { leavesAt, needWh } of runsOn(schedule, day)) {
      const atMs = LocalTime.parse(leavesAt).atDate(day).atZone(settlementZone).toInstant().toEpochMilli()
      if (atMs > from.toEpochMilli() && atMs < to.toEpochMilli()) runs.push({ atMs, needWh })
    }
  return runs.sort((a, b) => a.atMs - b.atMs)
}

function runsOn({ weekly, exceptions }: EvScheduleData, day: LocalDate): { leavesAt: string; needWh: number }[] {
  const exception = exceptions.find((each) => each.day === day.toString())
  return exception?.runs ?? weekly.filter(({ weekday }) => weekday === weekdayOf(day))
}

/** When a vehicle parked here now is assumed to leave: the next working morning. */
export function assumedDeparture(now: Instant, country: Country): Instant {
  let day = tradingDayOf(now)
  const at = (of: LocalDate) => of.atTime(assumed.leavesAt).atZone(settlementZone).toInstant()
  if (!now.isBefore(at(day))) day = day.plusDays(1)
  while (!isWorkingDay(day, country)) day = day.plusDays(1)
  return at(day)
}

/**
 * What a vehicle needs by when. By its schedule it is to leave with the energy of its next run and its reserve; one that charges every
 * second day with that of all runs of the next two working days. One without a run in that time is in no hurry. Without a schedule it is
 * to be full on the next working morning where its state of charge was reported, else to take what it usually takes.
 *
 * What the vehicle says itself takes the place of what is assumed. A schedule stays, since the fleet relies on it: the vehicle can only be
 * earlier than that.
 */
export function needOf(now: Instant, given: NeedSources): VehicleNeed {
  const { said, schedule } = given
  const need = expectedNeed(now, given)
  if (!said) return need
  // One that has passed was not kept, and says nothing of the next.
  const saidMs = said.departureMs !== null && said.departureMs > now.toEpochMilli() ? said.departureMs : null
  if (schedule)
    return saidMs !== null && saidMs < need.departureMs ? { ...need, departureMs: saidMs, basis: 'vehicle' } : need
  const saidWh = said.energyWh === null ? null : Math.max(0, said.energyWh - said.takenSinceWh)
  if (saidMs === null && saidWh === null) return need
  return { departureMs: saidMs ?? need.departureMs, missingWh: saidWh ?? need.missingWh, basis: 'vehicle' }
}

/** What a vehicle needs as far as others know. */
function expectedNeed(now: Instant, given: Omit<NeedSources, 'said'>): VehicleNeed {
  const { schedule, usableBatteryWh, soc, takenWh, typicalWh, country } = given
  const usualWh = Math.max(0, (typicalWh ?? assumed.needWh) - takenWh)
  if (!schedule) {
    const isReported = soc !== null && soc.reportedMs !== null && usableBatteryWh !== null
    const missingWh = isReported ? ((1 - soc.share) * usableBatteryWh) / chargeEfficiency : usualWh
    return { departureMs: assumedDeparture(now, country).toEpochMilli(), missingWh, basis: 'assumed' }
  }
  const end = horizonEnd(now, country)
  const runs = runsBetween(schedule, now, end)
  const [next] = runs
  if (!next) return { departureMs: end.toEpochMilli(), missingWh: 0, basis: 'schedule' }
  const forRuns = schedule.chargesEverySecondDay ? runs : [next]
  const needWh = forRuns.reduce((sum, run) => sum + run.needWh, 0)
  const { atMs: departureMs } = next
  if (usableBatteryWh === null || soc === null)
    return { departureMs, missingWh: Math.max(0, needWh / chargeEfficiency - takenWh), basis: 'schedule' }
  const targetWh = Math.min(usableBatteryWh, needWh + (schedule.reservePercent / 100) * usableBatteryWh)
  const missingWh = Math.max(0, targetWh - soc.share * usableBatteryWh) / chargeEfficiency
  return { departureMs, missingWh, basis: 'schedule' }
}
