import type { Timer } from '../../platform/clock/index.ts'
import { tradingDayOf } from '../../schemas/time.ts'
import type { ServerContext } from '../access/index.ts'
import { listContracts } from '../market/index.ts'
import { refreshForecast } from './baselines/index.ts'

/** Every six hours at five past: the expected import of every contracted FU. Writing the same figures twice does no harm, so no claim is needed. */
export function settlementJobs(context: ServerContext): Timer[] {
  const refresh = async () => {
    const today = tradingDayOf(context.clock.now())
    const contracts = await listContracts(context.db, { from: today, to: today.plusDays(1) })
    for (const fuId of new Set(contracts.map((c) => c.fuId))) await refreshForecast(context, fuId)
  }
  return [context.clock.every('baseline-refresh', 6 * 3_600_000, refresh, { offsetMs: 5 * 60_000 })]
}
