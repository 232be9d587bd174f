import { refuse } from '../../platform/http/index.ts'
import { deliveryOperations } from '../../schemas/fsp/delivery.ts'
import { brokenField } from '../../schemas/vocabulary/outcome.ts'
import { instantOf, quarterMs } from '../../schemas/vocabulary/time.ts'
import type { Units } from '../chargepoints/index.ts'
import type { DeliveryReports, FlexUnits } from '../flexibility/index.ts'
import { bind, type Entrance, noDepot } from '../kit/index.ts'
import { type Metering, quartersAsCsv, registersAsCsv } from '../metering/index.ts'
import type { FspContext } from './context.ts'

interface DeliveryParts {
  units: Units
  metering: Metering
  flexUnits: FlexUnits
  deliveryReports: DeliveryReports
}

/** A day of 200 sockets that are read every minute has 288,000 readings: more is fetched day by day. */
const longestMs = 24 * 3_600_000
const mostShown = 200

/** What was delivered and reported of a depot, and the registers that prove it. */
export function deliveryApi(context: FspContext, parts: DeliveryParts, entrance: Entrance) {
  const { units, metering, flexUnits, deliveryReports } = parts
  const known = (depotId: string) => {
    if (!context.depots.some((depot) => depot.depotId === depotId)) throw noDepot(depotId)
    return depotId
  }
  return bind(deliveryOperations, entrance, {
    async readDelivery({ params }) {
      const depotId = known(params.depotId)
      const reports = await deliveryReports.list(depotId)
      return {
        equipment: units.equipment(depotId),
        declarations: flexUnits
          .declarations(depotId)
          .slice(0, mostShown)
          .map(({ inService, effectiveFrom, reason, declaredBy, pushedAt }) => ({
            inService,
            effectiveFrom: effectiveFrom.toString(),
            reason,
            declaredBy,
            sentAt: pushedAt?.toString() ?? null,
          })),
        reports: reports.map(({ instructionId, status, at, detail, sentAt, refusal }) => ({
          instructionId,
          status,
          at: at.toString(),
          detail,
          sentAt: sentAt?.toString() ?? null,
          refusal,
        })),
      }
    },

    async exportRegisters({ params, query }) {
      const depotId = known(params.depotId)
      const [from, to] = [instantOf(query.from), instantOf(query.to)]
      const spanMs = to.toEpochMilli() - from.toEpochMilli()
      refuse(spanMs > 0 ? null : brokenField('to', 'must be after from'))
      refuse(spanMs <= longestMs ? null : brokenField('to', 'must be at most 24 hours after from'))
      const all = units.connectorsOf(depotId)
      const sockets = all.filter(({ unit }) => query.identity === undefined || unit.identity === query.identity)
      const name = `${depotId}-${query.as}-${query.from.slice(0, 10)}.csv`
      if (query.as === 'readings') return { name, content: await registersAsCsv(context.db, { from, to, sockets }) }
      const isWhole = [from, to].every((at) => at.toEpochMilli() % quarterMs === 0)
      refuse(isWhole ? null : brokenField('from', 'and to must be on quarter-hours'))
      return { name, content: quartersAsCsv(await metering.socketQuarters(sockets, from, to)) }
    },
  })
}
