import type { KeptLiveReading } from '../../../../schemas/dispatch/live-readings.ts'

/** The latest reading of the whole FU, then of each DER, from readings of which the latest comes first. */
export function latestByDer(readings: readonly KeptLiveReading[]): KeptLiveReading[] {
  const latest = new Map<string | null, KeptLiveReading>()
  for (const reading of readings) if (!latest.has(reading.derId)) latest.set(reading.derId, reading)
  return [...latest.values()].sort((a, b) => Number(a.derId !== null) - Number(b.derId !== null))
}

/** Readings of the whole FU, the latest first. */
export function wholeFu(readings: readonly KeptLiveReading[]): KeptLiveReading[] {
  return readings.filter(({ derId }) => derId === null)
}
