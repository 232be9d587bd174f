import type { Timer } from '../../platform/clock/index.ts'
import { type Mailer, mailerFromEnvironment } from '../../platform/mail/index.ts'
import { tradingDayOf } from '../../schemas/vocabulary/time.ts'
import type { ServerContext } from '../kit/index.ts'
import { listContracts } from '../market/index.ts'
import { refreshForecast } from './baselines/index.ts'
import { mailReport } from './daily-report/index.ts'
import { rebuildDueDays, takeHubReadings } from './metering/days/index.ts'

/** Addresses from a list with commas. */
const addressesIn = (text: string) => text.split(/[,\s]+/).filter((address) => address !== '')

/**
 * Settlement's periodic jobs. Running one twice does no harm, so they need no claim, but for mails.
 * @param reportTo who gets the report of the day before.
 */
export function settlementJobs(
  context: ServerContext,
  mailer: Mailer | null = mailerFromEnvironment(),
  reportTo: readonly string[] = addressesIn(process.env['RINGMAIN_REPORT_TO'] ?? ''),
): Timer[] {
  // Every six hours at five past: the expected import of every contracted FU.
  const refresh = async () => {
    const today = tradingDayOf(context.clock.now())
    const contracts = await listContracts(context.db, { from: today, to: today.plusDays(1) })
    for (const fuId of new Set(contracts.map((c) => c.fuId))) await refreshForecast(context, fuId)
  }
  return [
    // Two minutes after the roll-up of each half-hour.
    context.clock.every('hub-metering', 30 * 60_000, () => takeHubReadings(context), { offsetMs: 4 * 60_000 }),
    context.clock.every('metered-days-due', 60_000, () => rebuildDueDays(context)),
    ...(mailer && reportTo.length > 0
      ? [context.clock.every('daily-report', 60_000, (at) => mailReport(context, reportTo, mailer, at))]
      : []),
    context.clock.every('baseline-refresh', 6 * 3_600_000, refresh, { offsetMs: 5 * 60_000 }),
  ]
}
