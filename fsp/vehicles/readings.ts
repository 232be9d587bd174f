import type { Instant } from '@js-joda/core'
import { desc, lt, sql } from 'drizzle-orm'
import type { Database, Queryable } from '../../platform/db/index.ts'
import { vehicleReading } from './tables.ts'

/** What a vehicle reported of itself. */
export interface VehicleReading {
  /** Its registration. */
  vehicleId: string
  /** When the vehicle measured it. */
  at: Instant
  receivedAt: Instant
  socPercent: number
  /** `null`: it did not say. */
  odometerKm: number | null
  /** The feed, or how else it came. */
  source: string
}

/** Readings are kept for so long: a year's seasons, and the journeys that are compared with them. */
const keptDays = 400

/** The readings of vehicles, and the newest of each by the time at which it was measured. */
export class VehicleReadings {
  readonly #db: Database
  readonly #latest = new Map<string, VehicleReading>()

  constructor({ db }: { db: Database }) {
    this.#db = db
  }

  async load(): Promise<void> {
    const rows = await this.#db
      .selectDistinctOn([vehicleReading.vehicleId])
      .from(vehicleReading)
      .orderBy(vehicleReading.vehicleId, desc(vehicleReading.at))
    for (const row of rows) this.#latest.set(row.vehicleId, row)
  }

  /**
   * Records readings. One of the same vehicle and time changes nothing; an older one than the newest is history and does not replace it, as
   * when a backlog arrives after a lost line.
   */
  async record(...readings: readonly VehicleReading[]): Promise<void> {
    await this.store(this.#db, readings)
    this.note(readings)
  }

  /** Stores readings in a transaction: call `note` with them when it is committed. */
  async store(tx: Queryable, readings: readonly VehicleReading[]): Promise<void> {
    for (let i = 0; i < readings.length; i += 5_000)
      await tx
        .insert(vehicleReading)
        .values(readings.slice(i, i + 5_000))
        .onConflictDoNothing()
  }

  /** Keeps readings in memory that have been stored. */
  note(readings: readonly VehicleReading[]): void {
    for (const reading of readings) {
      const before = this.#latest.get(reading.vehicleId)
      if (!before || before.at.isBefore(reading.at)) this.#latest.set(reading.vehicleId, reading)
    }
  }

  /** The newest reading of a vehicle; `undefined`: it has never reported. */
  latest(vehicleId: string): VehicleReading | undefined {
    return this.#latest.get(vehicleId)
  }

  async purge(at: Instant): Promise<void> {
    const before = at.minusMillis(keptDays * 86_400_000)
    await this.#db.delete(vehicleReading).where(
      // The newest reading of a vehicle stays, however old: it is all that is known of it.
      sql`${lt(vehicleReading.at, before)} and exists (
        select 1 from vehicle_reading later where later.vehicle_id = ${vehicleReading.vehicleId} and later.at > ${vehicleReading.at})`,
    )
  }
}
