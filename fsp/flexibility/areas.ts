import type { Instant } from '@js-joda/core'
import { areaOperations } from '../../schemas/grid/areas.ts'
import type { Country } from '../../schemas/vocabulary/country.ts'
import type { MarketContext } from '../app/context.ts'
import { type DnoApi, reasonOf } from './dno.ts'

/** Whose bank holidays a site keeps. */
export type CountryOf = (depotId: string) => Country

/** Where no area is known: that of most licence areas. */
const usual: Country = 'ENG'
const refreshMs = 24 * 3_600_000

/**
 * The countries of licence areas, as the DNO has them. An area may be added and its country put right, so that we ask again at times;
 * until the DNO answers for the first time, and without an area, England's bank holidays hold.
 */
export class LicenceAreas {
  readonly #log: MarketContext['log']
  readonly #dno: Pick<DnoApi, 'call'>
  #countries: ReadonlyMap<string, Country> = new Map()
  #readMs = Number.NEGATIVE_INFINITY

  constructor({ log }: Pick<MarketContext, 'log'>, dno: Pick<DnoApi, 'call'>) {
    this.#log = log
    this.#dno = dno
  }

  /** The country of a licence area. @param code `null`: the area is unknown. */
  countryIn(code: string | null): Country {
    return this.#countries.get(code ?? '') ?? usual
  }

  /** Asks the DNO for its licence areas, once a day; what was known stays where it does not answer, and it is asked again. */
  async refresh(at: Instant): Promise<void> {
    if (at.toEpochMilli() - this.#readMs < refreshMs) return
    const read = await this.#dno.call(areaOperations.listAreas, {})
    if (!read.ok) return this.#log.warn({ reason: reasonOf(read.failure) }, 'the licence areas were not read')
    this.#countries = new Map(read.value.flatMap(({ areas }) => areas.map((area) => [area.code, area.country])))
    this.#readMs = at.toEpochMilli()
  }
}
