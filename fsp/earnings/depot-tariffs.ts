import { Instant } from '@js-joda/core'
import { defaultOptions } from '../../schemas/fsp/registers/calendars.ts'
import type { FspContext } from '../app/context.ts'
import type { ForecastSource } from '../forecasts/index.ts'
import { tariffAt } from '../optimiser/index.ts'
import type { TariffSite } from './earnings.ts'

/** The depots that charge by a tariff: those with periods of one, which is not switched off. */
export function depotTariffs(context: FspContext, source: ForecastSource): TariffSite[] {
  const { tariffPeriods, depotOptions } = context.registers.now()
  return context.depots.flatMap(({ depotId, name }) => {
    const own = [...tariffPeriods.values()].filter((period) => period.depotId === depotId)
    const { tariff, otherPencePerKwh } = depotOptions.get(depotId) ?? defaultOptions
    if (!tariff || own.length === 0) return []
    return [
      {
        siteId: depotId,
        name,
        penceAt: (ms) => tariffAt(own, Instant.ofEpochMilli(ms))?.pencePerKwh ?? otherPencePerKwh,
        charges: (since) => source.charges(depotId, since),
      },
    ]
  })
}
