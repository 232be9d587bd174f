import type { Instant } from '@js-joda/core'
import { and, desc, eq, lt, lte, sql } from 'drizzle-orm'
import type { Database, Queryable } from '../../platform/db/index.ts'
import { registerReading } from '../chargepoints/index.ts'
import { vehicleReading } from './tables.ts'

/** What a vehicle reported of itself. */
export type VehicleReading = typeof vehicleReading.$inferSelect

/** Readings are kept for this long: a year's seasons, and the journeys that are compared with them. */
const keptMs = 400 * 86_400_000

/** The latest reading of each vehicle, stored and cached; whatever feed it comes from. */
export class VehicleReadings {
  readonly #db: Database
  readonly #latest = new Map<string, VehicleReading>()
  /** The register of the charge under way when a vehicle's latest reading was taken, Wh. */
  readonly #registers = new Map<string, { key: string; energyWh: number | null }>()

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

  /** The newest reading of a vehicle; `null`: it has never reported. */
  latest(vehicleId: string): VehicleReading | null {
    return this.#latest.get(vehicleId) ?? null
  }

  /** What a socket's register had counted when a vehicle's latest reading was taken, Wh; `null`: nothing was read by then. */
  async registerAt(reading: VehicleReading, identity: string, connector: number): Promise<number | null> {
    const key = `${identity}/${connector} ${reading.at}`
    const known = this.#registers.get(reading.vehicleId)
    if (known?.key === key) return known.energyWh
    const isSocket = and(eq(registerReading.identity, identity), eq(registerReading.connector, connector))
    const [row] = await this.#db
      .select({ energyWh: registerReading.energyWh })
      .from(registerReading)
      .where(and(isSocket, lte(registerReading.at, reading.at)))
      .orderBy(desc(registerReading.at))
      .limit(1)
    this.#registers.set(reading.vehicleId, { key, energyWh: row?.energyWh ?? null })
    return row?.energyWh ?? null
  }

  /** Deletes old readings. The newest of a vehicle stays, however old: it is all that is known of it. */
  async purge(at: Instant): Promise<void> {
    const before = at.minusMillis(keptMs)
    await this.#db.delete(vehicleReading).where(
      sql`${lt(vehicleReading.at, before)} and exists (
        select 1 from vehicle_reading later where later.vehicle_id = ${vehicleReading.vehicleId} and later.at > ${vehicleReading.at})`,
    )
  }
}
