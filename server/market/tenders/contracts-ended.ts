import type { Instant } from '@js-joda/core'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import type { ServerContext } from '../../kit/index.ts'
import { oweFspNotices } from '../notices/index.ts'
import { listContracts } from './store.ts'
import { ended } from './told.ts'

/** How far back ends are looked for: a server that was down for some days still tells of them. */
const daysBack = 7

/** Owes FSPs notices of the contracts whose last day is over, one for each last day. Told once, however often this runs. */
export async function tellContractsEnded({ db, announce }: ServerContext, at: Instant): Promise<void> {
  const today = tradingDayOf(at)
  const first = today.minusDays(daysBack).toString()
  const open = await listContracts(db, { from: today.minusDays(daysBack), to: today.minusDays(1) })
  const over = open.filter(({ validTo }) => first <= validTo && validTo < today.toString())
  const told = [...Map.groupBy(over, ({ validTo }) => validTo)].flatMap(([day, contracts]) => ended(day, contracts))
  if (told.length === 0) return
  await db.transaction((tx) => oweFspNotices(tx, at, told))
  announce('market')
}
