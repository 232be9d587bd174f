import type { LocalDate } from '@js-joda/core'
import type { DepotSeed } from '../../../schemas/fsp/depots.ts'
import type { DepotHistory } from '../../../schemas/fsp/simulation.ts'
import { dayEnd, dayStart, periodCount } from '../../../schemas/vocabulary/time.ts'
import type { SiteFactory } from './site.ts'
import { anchorOf, playUnmanaged, unmanagedStepMs } from './unmanaged.ts'

const stepsPerQuarter = (15 * 60_000) / unmanagedStepMs

/** Depots' meter history: what the same vehicles would have drawn on a day without turn-down. */
export class History {
  readonly #factory: SiteFactory
  /** Quarter-hour energies by depot and day; a depot's week is played at once. */
  readonly #known = new Map<string, number[]>()

  constructor(factory: SiteFactory) {
    this.#factory = factory
  }

  /** Energy of each quarter-hour of a local day (92, 96 or 100), in whole Wh that sum to the day's energy. */
  of(depot: DepotSeed, day: LocalDate): DepotHistory {
    const key = (d: LocalDate) => `${depot.depotId}|${d}`
    if (!this.#known.has(key(day))) {
      if (this.#known.size > 5_000) this.#known.clear()
      for (const [played, energyWh] of this.#playWeek(depot, day)) this.#known.set(key(played), energyWh)
    }
    return { depotId: depot.depotId, tradingDay: day.toString(), energyWh: this.#known.get(key(day)) ?? [] }
  }

  #playWeek(depot: DepotSeed, day: LocalDate): [LocalDate, number[]][] {
    const { seed } = this.#factory
    const site = this.#factory.make(depot)
    const anchor = anchorOf(day)
    return Array.from({ length: 14 }, (_, n): [LocalDate, number[]] => {
      const played = anchor.plusDays(n)
      const [fromMs, toMs] = [dayStart(played).toEpochMilli(), dayEnd(played).toEpochMilli()]
      return [played, quarters(playUnmanaged(site, seed, fromMs, toMs), periodCount(played, 'PT15M'))]
    }).slice(7)
  }
}

/** Rounds the running total instead of each value, so that no energy is lost or gained. */
function quarters(steps: readonly number[], count: number): number[] {
  let total = 0
  let told = 0
  return Array.from({ length: count }, (_, q) => {
    for (let i = 0; i < stepsPerQuarter; i++) total += steps[q * stepsPerQuarter + i] ?? 0
    const energyWh = Math.round(total) - told
    told += energyWh
    return energyWh
  })
}
