import { LocalTime } from '@js-joda/core'
import { and, gte, inArray, isNotNull } from 'drizzle-orm'
import { settlementZone } from '../../schemas/vocabulary/time.ts'
import type { FspContext } from '../app/context.ts'
import { chargingTransaction, socketW, type Units } from '../chargepoints/index.ts'
import { runsBetween } from '../vehicles/index.ts'
import type { ForecastSource } from './forecasts.ts'

/** Half of what vans draw could wait: what is assumed of a depot until its own charges say more. */
const assumedShare = 0.5

/** What the depots know of themselves: charges that are over, and the schedules of their vehicles. */
export function depotSource(context: FspContext, units: Units): ForecastSource {
  return {
    assumedShare,

    async charges(depotId, since) {
      const sockets = units.connectorsOf(depotId)
      if (sockets.length === 0) return []
      const mostW = new Map(
        sockets.map(({ unit, connector }) => [`${unit.identity}/${connector}`, socketW(unit.model)]),
      )
      const { identity, stopAt, stopWh } = chargingTransaction
      const rows = await context.db
        .select()
        .from(chargingTransaction)
        .where(
          and(
            inArray(identity, [...new Set(sockets.map(({ unit }) => unit.identity))]),
            gte(stopAt, since),
            isNotNull(stopWh),
          ),
        )
      return rows.map((row) => ({
        fromMs: row.startAt.toEpochMilli(),
        toMs: row.stopAt?.toEpochMilli() ?? row.startAt.toEpochMilli(),
        energyWh: Math.max(0, (row.stopWh ?? row.startWh) - row.startWh),
        mostW: mostW.get(`${row.identity}/${row.connector}`) ?? 0,
      }))
    },

    scheduled(depotId, night) {
      const { evs, evSchedules } = context.registers.now()
      const own = [...evs].filter(([, ev]) => ev.depotId === depotId)
      const schedules = own.flatMap(([registration]) => evSchedules.get(registration) ?? [])
      if (schedules.length === 0) return { needWh: 0, coveredShare: 0 }
      const from = night.atTime(LocalTime.NOON).atZone(settlementZone).toInstant()
      const to = night.plusDays(1).atTime(LocalTime.NOON).atZone(settlementZone).toInstant()
      const needWh = schedules.reduce(
        (sum, schedule) => sum + runsBetween(schedule, from, to).reduce((total, run) => total + run.needWh, 0),
        0,
      )
      return { needWh, coveredShare: schedules.length / own.length }
    },
  }
}
