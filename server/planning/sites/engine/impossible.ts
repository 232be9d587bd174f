import type { ImpossibleJourney } from '../../../../schemas/planning/sites/plan.ts'
import type { ImpossibleTrip, SoonestWeek } from './soonest.ts'

const days = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

/** The name of a day, 0 for Monday. */
export function dayName(day: number): string {
  return days[day] ?? ''
}

/** The time of day at which a half-hour of the week begins. */
export function clockTime(t: number): string {
  const [hour, minute] = [Math.floor((t % 48) / 2), (t % 2) * 30]
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
}

/** The journeys that cannot be made, by group, day and reason, with what would make them possible. */
export function impossibleJourneys(
  impossible: readonly ImpossibleTrip[],
  weeks: readonly SoonestWeek[],
): ImpossibleJourney[] {
  const groups = new Map(weeks.map(({ vehicle }) => [vehicle.key, vehicle.group]))
  const found = new Map<string, ImpossibleJourney>()
  for (const { vehicle, leaves, reason, missingKwh, possibleMiles } of impossible) {
    const group = groups.get(vehicle)
    if (!group) continue
    const key = [group.name, leaves, reason].join('|')
    const known = found.get(key)
    const lackKwh = Math.max(known?.missingKwh ?? 0, missingKwh)
    const miles = Math.min(known?.possibleMiles ?? Infinity, possibleMiles)
    const day = Math.floor(leaves / 48)
    found.set(key, {
      group: group.name,
      vehicles: (known?.vehicles ?? 0) + 1,
      day,
      leaves: clockTime(leaves),
      reason,
      missingKwh: Math.round(lackKwh * 1_000) / 1_000,
      possibleMiles: Math.floor(miles * 10) / 10,
      advice: adviceOn(reason, group.name, day, miles),
    })
  }
  return [...found.values()]
}

function adviceOn(reason: 'battery' | 'time', group: string, day: number, miles: number): string {
  const shorter = `The longest journey that ${group} can make on ${dayName(day)} is ${Math.floor(miles * 10) / 10} miles`
  return reason === 'battery'
    ? `${shorter}, because a fifth of the battery must stay in it. Choose a vehicle with a larger battery, or plan a charge on the way.`
    : `${shorter}, because there is not enough time at a charge point before it. Use faster charge points, more of them, or an earlier return.`
}
