import type { z } from 'zod'
import type { fleetEstimate } from '../../../../../schemas/planning/demand-fleets.ts'
import type { ChartAxis } from '../../../../shared/chart/line-chart.tsx'
import type { Series } from '../../../../shared/chart/series.ts'
import { count, fixed, kw, kwhDigits, percent } from '../../../../shared/format/power.ts'
import type { Token } from '../../../../shared/theme.ts'

export type FleetEstimate = z.infer<typeof fleetEstimate>
export type Place = FleetEstimate['days'][number]['place']
type Kind = FleetEstimate['days'][number]['kind']

export const placeWords: Record<Place, string> = { depot: 'Depot', home: 'Homes' }

const kindLines: Record<Kind, { label: string; colour: Token; dashed?: true }> = {
  'winter weekday': { label: 'Winter weekday', colour: 'accent' },
  'winter weekend': { label: 'Winter weekend', colour: 'accent', dashed: true },
  'summer weekday': { label: 'Summer weekday', colour: 'amber' },
  'summer weekend': { label: 'Summer weekend', colour: 'amber', dashed: true },
}

/** `17:30` of the half-hour that starts then; 48 is the end of the day. */
export function slotName(slot: number): string {
  return `${String(Math.floor(slot / 2)).padStart(2, '0')}:${slot % 2 === 0 ? '00' : '30'}`
}

/** The half-hours of a day. */
export const dayAxis: ChartAxis = {
  from: 0,
  to: 48,
  ticksFor: (width) => Array.from({ length: width < 520 ? 5 : 9 }, (_, i) => i * (width < 520 ? 12 : 6)),
  tickText: slotName,
  placeText: (slot) => slotName(Math.min(47, Math.floor(slot))),
}

/** The mean days of a place as steps of half-hours, kW. */
export function daySeries({ days }: FleetEstimate, place: Place): Series[] {
  return days
    .filter((day) => day.place === place)
    .map(({ kind, meanW }) => ({
      ...kindLines[kind],
      stepped: true,
      points: [...meanW, meanW.at(-1) ?? 0].map((w, slot) => ({ x: slot, y: w / 1_000 })),
    }))
}

/** The half-hours of a place as rows: what each kind of day has in it, kW. */
export function dayRows({ days }: FleetEstimate, place: Place): { slot: number; kw: number[] }[] {
  const own = days.filter((day) => day.place === place)
  return Array.from({ length: 48 }, (_, slot) => ({ slot, kw: own.map(({ meanW }) => (meanW[slot] ?? 0) / 1_000) }))
}

/** The names of the kinds of day of a place, in the order of `dayRows`. */
export function dayKindNames({ days }: FleetEstimate, place: Place): string[] {
  return days.filter((day) => day.place === place).map(({ kind }) => kindLines[kind].label)
}

/** When a place draws most, in a sentence. */
export function peakInWords({ days }: FleetEstimate, place: Place): string {
  const where = place === 'depot' ? 'the depot' : 'homes'
  let [peakW, when] = [0, '']
  for (const { kind, meanW } of days.filter((day) => day.place === place))
    for (const [slot, w] of meanW.entries()) if (w > peakW) [peakW, when] = [w, `at ${slotName(slot)} of a ${kind}`]
  if (peakW === 0) return `Nothing is charged at ${where}.`
  return `The mean of ${where} is greatest ${when}: ${kw(peakW)}.`
}

/** What electric vehicles could not have driven. */
export function unmetInWords({ unmetKwh, drivenKwh, routes }: FleetEstimate): string | null {
  if (unmetKwh <= 0) return null
  const days = routes.reduce((sum, { daysBeyondRange }) => sum + daysBeyondRange, 0)
  return `${fixed(unmetKwh, 0)} of ${fixed(drivenKwh, 0)}\u00a0kWh would be driven on an empty battery, on ${count(days, 'day of a vehicle', 'days of vehicles')} beyond the range. Such vehicles need a greater battery, or a charge on the way.`
}

/** How far the estimate is from what the depot's meter shows. */
export function errorInWords({ error }: FleetEstimate): string {
  if (error === null)
    return 'Nothing was measured at the depot in the time of the journeys, so there is nothing to compare with.'
  const { halfHours, estimatedKwh, measuredKwh, maeW } = error
  const off = measuredKwh > 0 ? ` (${percent(estimatedKwh / measuredKwh - 1)})` : ''
  return `Over ${count(halfHours, 'half-hour')} that were measured the estimate is ${kwhDigits(estimatedKwh * 1_000, 0)} and the meter ${kwhDigits(measuredKwh * 1_000, 0)}\u00a0kWh${off}; a half-hour is off by ${kw(maeW)} on average.`
}
