import type { Instant, LocalDate } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import type { DailyReport } from '../../../schemas/settlement/daily-report.ts'
import { sumGbp } from '../../../schemas/vocabulary/money.ts'
import { readTotalsByProduct } from '../../dispatch/index.ts'
import { gridDay } from '../../grid/index.ts'
import { listContracts } from '../../market/index.ts'
import { dayOfUnits } from '../statements/issuing/index.ts'

/** What happened on a day, as of an instant after its end. */
export async function makeReport(tx: Queryable, at: Instant, day: LocalDate): Promise<DailyReport> {
  const money = await moneyOf(tx, at, day)
  return {
    day: day.toString(),
    at: at.toString(),
    ...(await gridDay(tx, at, day)),
    dispatch: await readTotalsByProduct(tx, at, day),
    money,
    totalGbp: sumGbp(money.map(({ amountGbp }) => amountGbp)),
  }
}

/** What the day is worth, by FSP and product that have a contract on it. */
async function moneyOf(tx: Queryable, at: Instant, day: LocalDate): Promise<DailyReport['money']> {
  const contracts = await listContracts(tx, { from: day, to: day })
  const pairs = new Map(contracts.map((each) => [`${each.fspName} ${each.fspId} ${each.product}`, each]))
  const money: DailyReport['money'] = []
  for (const key of [...pairs.keys()].sort()) {
    const { fspId, fspName, product } = pairs.get(key) ?? {}
    if (!fspId || !fspName || !product) continue
    const worth = await dayOfUnits(tx, at, { fspId, product, day })
    if (worth) money.push({ fspId, fspName, product, ...worth })
  }
  return money
}
