import { type LocalDate, LocalTime } from '@js-joda/core'
import postgres from 'postgres'
import { randomOf } from '../../fsp/simulator/common/random.ts'
import { settlementZone } from '../../schemas/vocabulary/time.ts'
import { contractedHour } from './area.ts'

/** Share of the steps in which a reading that the DNO has taken is corrected, once there is one. */
const correctedShare = 0.4

/** Whoever reads the FSPs' meters: what was read in the contracted hour is corrected now and then, after the DNO has taken it. */
export class MeterReaders {
  readonly #fsps: postgres.Sql[]
  readonly #seed: number
  readonly #from: Date
  readonly #to: Date

  constructor(databases: readonly string[], seed: number, day: LocalDate) {
    this.#fsps = databases.map((url) => postgres(url, { max: 1, onnotice: () => undefined }))
    this.#seed = seed
    const at = (time: string) =>
      new Date(day.atTime(LocalTime.parse(time)).atZone(settlementZone).toInstant().toEpochMilli())
    this.#from = at(contractedHour.from)
    this.#to = at(contractedHour.to)
  }

  /** What is corrected in a step, in the books of one FSP. */
  async act(step: number): Promise<void> {
    const random = randomOf(this.#seed, 'meter readers', step)
    const client = this.#fsps[Math.floor(random() * this.#fsps.length)]
    if (!client || random() >= correctedShare) return
    const taken = await client<{ depotId: string; start: Date; energyWh: number; revision: number }[]>`
      select depot_id as "depotId", period_start as start, energy_wh as "energyWh", revision from metered_quarter
      where uploaded_revision = revision and period_start >= ${this.#from} and period_start < ${this.#to}
      order by depot_id, period_start`
    const chosen = taken[Math.floor(random() * taken.length)]
    if (!chosen) return
    const { depotId, start, energyWh, revision } = chosen
    await client`
      update metered_quarter set energy_wh = ${Math.round(energyWh * (0.8 + 0.4 * random()))}, revision = ${revision + 1}
      where depot_id = ${depotId} and period_start = ${start} and revision = ${revision}`
  }

  async close(): Promise<void> {
    await Promise.all(this.#fsps.map((client) => client.end({ timeout: 1 })))
  }
}
