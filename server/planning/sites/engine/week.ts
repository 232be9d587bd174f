/** Half-hours of the week that is planned, from Monday 00:00. It is a typical week: no clock changes in it. */
export const weekPeriods = 336

/** Length of a period, h. */
export const periodH = 0.5

const periodsOfDay = 48

/** Minutes after midnight of a time of day such as `06:30`. */
export function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))
}

/** Vehicles that do the same: they leave and return together and drive as far (report section 3.5). */
export interface VehicleGroup {
  name: string
  count: number
  /** What the battery holds and gives, kWh. */
  usableKwh: number
  kwhPerMile: number
  /** What a vehicle draws at most at the charge points that it uses, AC or DC, kW: the lesser of the two. */
  chargeKw: number
  /** The kind of charge point that it uses. */
  chargePoint: string
  /** Days of work, 0 for Monday. */
  days: readonly number[]
  /** Minutes after midnight of a day of work; a return at or before the departure is on the next day. */
  leavesMinute: number
  returnsMinute: number
  milesPerDay: number
  /** Above 80 % it charges ever more slowly; otherwise at a constant rate until it is full. */
  tapers?: boolean
}

/** Charge points of a kind: one vehicle at a time each. */
export interface ChargePoints {
  kind: string
  sockets: number
}

/** A journey, by periods of the week: away from `leaves` until before `returns`, which may lie beyond the week. */
export interface Trip {
  leaves: number
  returns: number
  energyKwh: number
}

/** A vehicle's week. */
export interface VehicleWeek {
  /** The group and a number in it. */
  key: string
  group: VehicleGroup
  trips: readonly Trip[]
  /** When it is first there: 0, or when it is back from a journey of the Sunday before. */
  begins: number
  /** What is in its battery then, and again a week later, kWh. */
  startKwh: number
  /** What must be in it when it leaves for the last time, or at the end of the week, for that, kWh. */
  endKwh: number
}

/** Charge at the start and the end of the week, and the least, as shares of the battery (report section 3.5.2). */
export const [weekShare, leastShare] = [0.8, 0.2]

/**
 * The weeks of a group's vehicles. A half-hour in which a vehicle drives is one in which it cannot charge. Whoever is on the road at midnight
 * on Sunday, or back at that very moment, begins its week when it is back, with 80 % or what the journey leaves of a full battery if that is less: so journeys over that
 * midnight are as possible as any other.
 */
export function vehicleWeeks(group: VehicleGroup): VehicleWeek[] {
  const trips = tripsOf(group)
  const last = trips.at(-1)
  const beyond = last && last.returns >= weekPeriods ? last : null
  const backKwh = Math.max(leastShare * group.usableKwh, group.usableKwh - (beyond?.energyKwh ?? 0))
  const startKwh = Math.min(weekShare * group.usableKwh, backKwh)
  const begins = beyond ? beyond.returns - weekPeriods : 0
  const endKwh = Math.min(group.usableKwh, startKwh + (beyond?.energyKwh ?? 0))
  return Array.from({ length: group.count }, (_, i) => ({
    key: `${group.name} ${i + 1}`,
    group,
    trips,
    begins,
    startKwh,
    endKwh,
  }))
}

/** The power at 100 % as a share of that below 80 %, for vehicles that taper. */
export const [taperFrom, taperLeast] = [0.8, 0.2]

/**
 * By how much the power falls for each kWh above `taperFrom`, as a share of the full power. The level at the end of a half-hour counts, so
 * that a plan is never faster than the vehicle; the rule is linear in level and power, which a linear program takes as it is.
 */
export function taperPerKwh({ usableKwh }: VehicleGroup): number {
  return (1 - taperLeast) / ((1 - taperFrom) * usableKwh)
}

/** The most that a vehicle draws over a half-hour that it begins with this much in its battery, kW. */
export function mostKw(group: VehicleGroup, kwh: number): number {
  if (!group.tapers) return group.chargeKw
  const [perKwh, { chargeKw, usableKwh }] = [taperPerKwh(group), group]
  const tapered = (chargeKw * (1 - perKwh * (kwh - taperFrom * usableKwh))) / (1 + chargeKw * perKwh * periodH)
  return Math.max(0, Math.min(chargeKw, tapered))
}

function tripsOf({ days, leavesMinute, returnsMinute, milesPerDay, kwhPerMile }: VehicleGroup): Trip[] {
  const minutes = returnsMinute > leavesMinute ? returnsMinute : returnsMinute + 24 * 60
  return [...days]
    .sort((a, b) => a - b)
    .map((day) => ({
      leaves: day * periodsOfDay + Math.floor(leavesMinute / 30),
      returns: day * periodsOfDay + Math.ceil(minutes / 30),
      energyKwh: milesPerDay * kwhPerMile,
    }))
}

/** A time between journeys: from the first period at the site to before the next departure, or to the end of the week. */
export interface SiteStay {
  from: number
  to: number
  /** The journey after it; `null` after the last return. */
  trip: Trip | null
}

/** The times that a vehicle is at the site. */
export function siteStays({ trips, begins }: VehicleWeek): SiteStay[] {
  const stays: SiteStay[] = []
  let from = begins
  for (const trip of trips) {
    stays.push({ from, to: trip.leaves, trip })
    from = trip.returns
  }
  if (from < weekPeriods) stays.push({ from, to: weekPeriods, trip: null })
  return stays
}
