import { type Instant, type LocalDate, YearMonth } from '@js-joda/core'
import type { Queryable } from '../../../../platform/db/index.ts'
import { paymentSettings } from '../../../../schemas/settings/payment.ts'
import { sumGbp } from '../../../../schemas/vocabulary/money.ts'
import { dayStart, tradingDayOf } from '../../../../schemas/vocabulary/time.ts'
import type { Product } from '../../../../schemas/vocabulary/units.ts'
import { settingAt } from '../../../kit/index.ts'
import { settleInParts, unitsInOrder } from '../lines/index.ts'
import { scopeOf } from './draft.ts'

/** What an FSP's units were asked for, delivered and earned on a day, by what is known. */
export interface DayOfUnits {
  instructedWh: number
  deliveredWh: number
  amountGbp: string
}

/**
 * Settles one day of an FSP and product as its statement would, without storing anything; `null` where nothing was contracted on it. The
 * whole month is computed, because a scheme may judge a day by the days beside it.
 */
export async function dayOfUnits(
  tx: Queryable,
  at: Instant,
  { fspId, product, day }: { fspId: string; product: Product; day: LocalDate },
): Promise<DayOfUnits | null> {
  const month = YearMonth.from(day)
  const { values: figures } = await settingAt(tx, paymentSettings, dayStart(month.atDay(1)))
  const scope = await scopeOf(tx, at, { fspId, product, month: month.toString() }, figures)
  const own = scope.contracts.filter((contract) => contract.product === product)
  const of = { lines: 0, instructedWh: 0, deliveredWh: 0, amounts: [] as string[] }
  await settleInParts(tx, scope, unitsInOrder(own), async ({ lines }) => {
    for (const line of lines) {
      if (!tradingDayOf(line.fromAt).equals(day)) continue
      of.lines++
      of.instructedWh += Math.abs(line.instructedW ?? 0) / 4
      of.deliveredWh += Math.abs(Number(line.deliveredWh ?? 0))
      of.amounts.push(String(line.settledGbp))
    }
  })
  if (of.lines === 0) return null
  return { instructedWh: of.instructedWh, deliveredWh: Math.round(of.deliveredWh), amountGbp: sumGbp(of.amounts) }
}
