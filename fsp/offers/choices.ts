import type { Instant, LocalDate } from '@js-joda/core'
import { and, asc, eq, gte, ne } from 'drizzle-orm'
import type { Queryable } from '../../platform/db/index.ts'
import { lessBecauseWords } from '../../schemas/dispatch/choice-words.ts'
import { choiceOperations } from '../../schemas/dispatch/choices.ts'
import { instantOf, tradingDayOf } from '../../schemas/vocabulary/time.ts'
import type { Product } from '../../schemas/vocabulary/units.ts'
import type { MarketContext } from '../app/context.ts'
import { type DnoApi, type FlexUnits, reasonOf, unitChoice } from '../flexibility/index.ts'

/** The choices of a unit that were read of days from one on, in words too. */
export async function choicesOf(db: Queryable, fuId: string, from: LocalDate) {
  const rows = await db
    .select()
    .from(unitChoice)
    .where(and(eq(unitChoice.fuId, fuId), gte(unitChoice.day, from.toString())))
    .orderBy(asc(unitChoice.day), asc(unitChoice.product))
  return rows.map(({ startedAt, readAt, periods, ...row }) => ({
    ...row,
    startedAt: startedAt.toString(),
    readAt: readAt.toString(),
    periods: periods.map((period) => ({ ...period, reason: period.because && lessBecauseWords[period.because] })),
  }))
}

/** What the DNO's optimiser chose of our offers, and why no more: kept beside what was offered, by unit, day and product. */
export class Choices {
  readonly #context: MarketContext
  readonly #parts: { dno: DnoApi; flexUnits: FlexUnits }

  constructor(context: MarketContext, parts: { dno: DnoApi; flexUnits: FlexUnits }) {
    this.#context = context
    this.#parts = parts
  }

  /** Reads the latest run over today and tomorrow of every product that a unit is bid for then. */
  async read(now: Instant): Promise<void> {
    const { flexUnits } = this.#parts
    const today = tradingDayOf(now)
    for (const { fuId } of flexUnits.all)
      for (const day of [today.toString(), today.plusDays(1).toString()]) {
        const own = flexUnits.contractsOf(fuId).filter((each) => each.validFrom <= day && day <= each.validTo)
        // A firm option is scheduled by people; the others are chosen among offers.
        const products = new Set(own.map(({ product }) => product).filter((product) => product !== 'A'))
        for (const product of products) await this.#readRun(fuId, day, product, now)
      }
  }

  async #readRun(fuId: string, day: string, product: Product, now: Instant): Promise<void> {
    const { db, log } = this.#context
    const asked = { params: { id: fuId }, query: { day, product, limit: 1 } }
    const answer = await this.#parts.dno.call(choiceOperations.listUnitChoices, asked)
    if (!answer.ok) return log.info({ fuId, day, reason: reasonOf(answer.failure) }, 'a choice could not be read')
    const [latest] = answer.value.items
    if (!latest) return
    const row = { runId: latest.runId, startedAt: instantOf(latest.startedAt), readAt: now, periods: latest.periods }
    await db
      .insert(unitChoice)
      .values({ fuId, day, product, ...row })
      .onConflictDoUpdate({
        target: [unitChoice.fuId, unitChoice.day, unitChoice.product],
        set: row,
        setWhere: ne(unitChoice.runId, latest.runId),
      })
  }
}
