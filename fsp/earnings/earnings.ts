import { type Instant, LocalDate } from '@js-joda/core'
import type { EarnedService } from '../../schemas/fsp/earnings.ts'
import { type Statement, statementOperations } from '../../schemas/settlement/statements.ts'
import { formatGbp, Money } from '../../schemas/vocabulary/money.ts'
import { dayStart } from '../../schemas/vocabulary/time.ts'
import type { MarketContext } from '../app/context.ts'
import { type DnoApi, type FlexUnits, reasonOf } from '../flexibility/index.ts'
import type { PastCharge } from '../forecasts/index.ts'
import { meteredBetween } from '../metering/index.ts'
import { statementEarnings } from './rules/statement-earnings.ts'
import { tariffSavingPence } from './rules/tariff-saving.ts'

/** A site with a tariff by time, and what is known of its charges. */
export interface TariffSite {
  siteId: string
  name: string
  penceAt(ms: number): number
  charges(since: Instant): Promise<PastCharge[]>
}

export interface EarningsParts {
  dno: DnoApi
  flexUnits: FlexUnits
  /** Sites that a tariff can save something at. */
  tariffSites(): TariffSite[]
}

/** What each service earned (issue of an FSP that earns its living): by the DNO's statements, and by the own tariff. */
export class Earnings {
  readonly #context: MarketContext
  readonly #parts: EarningsParts
  /** Statements by identifier and version: one never changes. */
  readonly #known = new Map<string, Statement>()

  constructor(context: MarketContext, parts: EarningsParts) {
    this.#context = context
    this.#parts = parts
  }

  /** The services of a month. @param month such as `2026-01`. */
  async of(month: string): Promise<{ services: EarnedService[]; withoutStatements: string | null }> {
    const statements = await this.#statements(month)
    const { flexUnits } = this.#parts
    const paid = statements.ok ? statementEarnings(statements.value, (fuId) => flexUnits.depotOf(fuId)) : []
    return {
      services: [...paid, ...(await this.#saved(month))],
      withoutStatements: statements.ok ? null : statements.reason,
    }
  }

  async #statements(month: string): Promise<{ ok: true; value: Statement[] } | { ok: false; reason: string }> {
    const { dno } = this.#parts
    const listed = await dno.all(statementOperations.listStatements, {})
    if (!listed.ok) return { ok: false, reason: reasonOf(listed.failure) }
    const value: Statement[] = []
    for (const { statementId, version } of listed.value.filter((each) => each.month === month)) {
      const key = `${statementId} ${version}`
      const known = this.#known.get(key)
      const read = known ?? (await dno.call(statementOperations.readStatement, { params: { id: statementId } }))
      if ('lines' in read) value.push(read)
      else if (!read.ok) return { ok: false, reason: reasonOf(read.failure) }
      else {
        value.push(read.value)
        this.#known.set(key, read.value)
      }
    }
    return { ok: true, value }
  }

  async #saved(month: string): Promise<EarnedService[]> {
    const first = LocalDate.parse(`${month}-01`)
    const [from, end] = [dayStart(first), dayStart(first.plusMonths(1))]
    const now = this.#context.clock.now()
    const to = end.isAfter(now) ? now : end
    const services: EarnedService[] = []
    for (const { siteId, name, penceAt, charges } of this.#parts.tariffSites()) {
      const own = (await charges(from)).filter(({ fromMs, toMs }) => isIn(fromMs, from, to) && isIn(toMs, from, to))
      const charged = await meteredBetween(this.#context.db, siteId, from, to)
      const gbp = formatGbp(new Money(tariffSavingPence(own, charged, penceAt).toFixed(6)).div(100))
      if (own.length > 0) services.push(savingOf({ depotId: siteId, name, amountGbp: gbp, isFinal: !end.isAfter(now) }))
    }
    return services
  }
}

function isIn(ms: number, from: Instant, to: Instant): boolean {
  return from.toEpochMilli() <= ms && ms <= to.toEpochMilli()
}

function savingOf(given: Pick<EarnedService, 'depotId' | 'name' | 'amountGbp' | 'isFinal'>): EarnedService {
  return {
    source: 'tariff',
    product: null,
    fuId: null,
    availabilityGbp: '0.00',
    utilisationGbp: '0.00',
    instructedWh: 0,
    deliveredWh: 0,
    statements: [],
    ...given,
  }
}
