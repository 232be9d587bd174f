import { Instant, type LocalDate } from '@js-joda/core'
import { isWorkingDay } from '../../platform/calendar/index.ts'
import { baselineOperations } from '../../schemas/settlement/baselines.ts'
import type { Country } from '../../schemas/vocabulary/country.ts'
import { instantOn, localTimeOf, quarterOf, tradingDayOf } from '../../schemas/vocabulary/time.ts'
import type { CountryOf } from './areas.ts'
import type { DnoApi } from './dno.ts'

/** Days that our own mean looks back over, and the most of them that it takes. */
const lookBackDays = 60
const meanOfDays = 10

/** The metered energy of a site in given quarter-hours, by epoch ms. */
interface MeteredEnergy {
  energies(depotId: string, starts: readonly Instant[]): Promise<Map<number, number>>
}

/** What units would draw: the DNO's baseline where it has one, since it settles by that, or else our own mean of comparable days. */
export class Baselines {
  readonly #dno: DnoApi
  readonly #metering: MeteredEnergy
  readonly #countryOf: CountryOf
  readonly #known = new Map<string, Map<number, number>>()

  constructor(dno: DnoApi, metering: MeteredEnergy, countryOf: CountryOf) {
    this.#dno = dno
    this.#metering = metering
    this.#countryOf = countryOf
  }

  /** Baseline power of a unit at an instant, W; `null` when nobody knows it. */
  async powerW(depotId: string, fuId: string, at: Instant): Promise<number | null> {
    const start = Instant.ofEpochMilli(quarterOf(at.toEpochMilli()))
    const day = await this.#dayOf(fuId, tradingDayOf(start))
    const energyWh = day?.get(start.toEpochMilli()) ?? (await this.#ownMean(depotId, start))
    return energyWh === null ? null : energyWh * 4
  }

  /** The DNO's baseline of a day by epoch ms, fetched once it is there; `null` while it cannot be had. */
  async #dayOf(fuId: string, day: LocalDate): Promise<Map<number, number> | null> {
    const key = `${fuId} ${day}`
    const known = this.#known.get(key)
    if (known) return known
    const call = { params: { id: fuId }, query: { day: day.toString() } }
    const answer = await this.#dno.call(baselineOperations.readBaseline, call)
    if (!answer.ok) return null
    const energies = new Map(
      answer.value.periods.flatMap((p) => (p.energyWh === null ? [] : [[Date.parse(p.from), p.energyWh] as const])),
    )
    if (energies.size > 0) this.#known.set(key, energies)
    return energies
  }

  async #ownMean(depotId: string, start: Instant): Promise<number | null> {
    const starts = comparableStarts(start, this.#countryOf(depotId))
    return latestMean(starts, await this.#metering.energies(depotId, starts))
  }
}

/** The same quarter-hour of the comparable days before, latest first. */
function comparableStarts(start: Instant, country: Country): Instant[] {
  const day = tradingDayOf(start)
  const time = localTimeOf(start).toLocalTime()
  const starts: Instant[] = []
  for (let back = 1; back <= lookBackDays; back++) {
    const earlier = day.minusDays(back)
    const same = instantOn(earlier, time)
    if (same && isWorkingDay(earlier, country) === isWorkingDay(day, country)) starts.push(same)
  }
  return starts
}

/** Mean of the latest energies that are known, Wh; `null` without any. */
function latestMean(starts: readonly Instant[], found: ReadonlyMap<number, number>): number | null {
  const latest = starts.flatMap((s) => found.get(s.toEpochMilli()) ?? []).slice(0, meanOfDays)
  return latest.length === 0 ? null : latest.reduce((sum, wh) => sum + wh, 0) / latest.length
}
