import type { Instant, LocalDate } from '@js-joda/core'
import { and, asc, eq, gte, ne } from 'drizzle-orm'
import type { Queryable } from '../../platform/db/index.ts'
import { choiceOperations, type LessBecause } from '../../schemas/dispatch/choices.ts'
import { instantOf, tradingDayOf } from '../../schemas/vocabulary/time.ts'
import type { Product } from '../../schemas/vocabulary/units.ts'
import type { MarketContext } from '../app/context.ts'
import { type DnoApi, type FlexUnits, reasonOf, unitChoice } from '../flexibility/index.ts'

/** The DNO's reasons for choosing less than was offered, for people. */
const inWords: Readonly<Record<LessBecause, string>> = {
  'no-need': 'Nothing was needed at the unit’s node or above it.',
  'need-met': 'What was needed was met without the rest of the offer.',
  price: 'Cheaper offers met what was needed.',
  'ceiling-price': 'The offer costs more than the DNO pays at this node.',
  'least-turn-down': 'Less was needed than the unit gives at least.',
  'own-limits': 'The unit’s own limits of runs, rests or activations, or its rebound, did not allow more.',
  'network-limit': 'The unit or a node above it is moved in the other direction, or would pass its limit there.',
  'whole-day': 'Another plan was cheaper over the whole day, though not in this quarter-hour.',
  'out-of-service': 'The unit was out of service, stopped by the DNO, or could not be reached.',
  'no-notice': 'The unit asks for more notice than was left.',
  'offered-nothing': 'Nothing was offered.',
  'not-reliable': 'The DNO counted on less, by what the unit delivered of earlier instructions.',
  'site-limit': 'The export limit of the site left room for less.',
}

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
    periods: periods.map((period) => ({ ...period, reason: period.because && inWords[period.because] })),
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
