import type { Instant } from '@js-joda/core'
import { and, desc, eq, gte, lt, lte } from 'drizzle-orm'
import type { Clock } from '../../platform/clock/index.ts'
import type { Database } from '../../platform/db/index.ts'
import { registerReading } from '../chargepoints/index.ts'
import { vehicleReading } from './tables.ts'

/** What a vehicle reported of itself. */
export type VehicleReading = typeof vehicleReading.$inferSelect

/** An older reading says nothing of a battery any more. */
const rememberedMs = 7 * 86_400_000

/** Readings are kept for this long. */
const keptMs = 40 * 86_400_000

/** The latest reading of each vehicle, stored and cached; whatever feed it comes from. */
export class VehicleReadings {
  readonly #db: Database
  readonly #clock: Clock
  readonly #latest = new Map<string, VehicleReading>()
  /** The register of the charge under way when a vehicle's latest reading was taken, Wh. */
  readonly #registers = new Map<string, { key: string; energyWh: number | null }>()

  constructor({ db, clock }: { db: Database; clock: Clock }) {
    this.#db = db
    this.#clock = clock
  }

  async load(): Promise<void> {
    const rows = await this.#db
      .selectDistinctOn([vehicleReading.vehicleId])
      .from(vehicleReading)
      .where(gte(vehicleReading.at, this.#clock.now().minusMillis(rememberedMs)))
      .orderBy(vehicleReading.vehicleId, desc(vehicleReading.at))
    for (const row of rows) this.#latest.set(row.vehicleId, row)
  }

  /** Stores a reading once. One that is older than the latest, or comes again, does not take its place. */
  async record(reading: VehicleReading): Promise<void> {
    await this.#db.insert(vehicleReading).values(reading).onConflictDoNothing()
    const before = this.#latest.get(reading.vehicleId)
    if (!before || before.at.isBefore(reading.at)) this.#latest.set(reading.vehicleId, reading)
  }

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

  async purge(at: Instant): Promise<void> {
    await this.#db.delete(vehicleReading).where(lt(vehicleReading.at, at.minusMillis(keptMs)))
  }
}
