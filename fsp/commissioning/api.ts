import { ProblemError } from '../../platform/http/index.ts'
import { type CommissioningRun, commissioningOperations } from '../../schemas/fsp/commissioning.ts'
import type { FspContext } from '../app/context.ts'
import { type Boots, type Units, unitOfDepot } from '../chargepoints/index.ts'
import type { Emergencies } from '../depots/index.ts'
import { bind, type Entrance, noDepot } from '../kit/index.ts'
import { runCsv, runPdf } from './evidence.ts'
import type { CommissioningRuns } from './runs.ts'
import type { RunRow } from './tables.ts'

interface Parts {
  units: Units
  boots: Boots
  emergencies: Emergencies
  commissioning: CommissioningRuns
}

/** I17: commissioning runs on charge points, by whatever route. */
export function commissioningApi(context: FspContext, entrance: Entrance, parts: Parts) {
  const { units, boots, emergencies, commissioning } = parts
  const read = async ({ params: { depotId, runId } }: { params: { depotId: string; runId: string } }) =>
    viewOf(await commissioning.read(depotId, runId))
  return bind(commissioningOperations, entrance, {
    async startCommissioning({ caller, params, body, audit }) {
      const unit = unitOfDepot(units, params)
      if (emergencies.isOpen(unit.depotId))
        throw new ProblemError('conflict', `${unit.depotId} is switched off in an emergency: end that first.`)
      const firmware = boots.firmware().get(unit.identity) ?? null
      const record = { action: 'charge-point.commissioning-started', subject: unit.identity, detail: body }
      const given = { ...body, startedBy: caller.username, firmware }
      return viewOf(await commissioning.start(unit, given, (tx) => audit(record, tx)))
    },

    async stopCommissioning({ caller, params: { depotId, runId }, audit }) {
      const record = { action: 'charge-point.commissioning-stopped', subject: runId }
      return viewOf(await commissioning.stop(depotId, runId, caller.username, (tx) => audit(record, tx)))
    },

    async listCommissioning({ params: { depotId } }) {
      if (!context.depots.some((depot) => depot.depotId === depotId)) throw noDepot(depotId)
      return (await commissioning.list(depotId)).map(viewOf)
    },

    readCommissioning: read,

    async exportCommissioning(call) {
      const run = await read(call)
      return { content: runCsv(run), name: `commissioning-${run.identity}-${run.startedAt.slice(0, 10)}.csv` }
    },

    async printCommissioning(call) {
      const run = await read(call)
      return { content: await runPdf(run), name: `commissioning-${run.identity}-${run.startedAt.slice(0, 10)}.pdf` }
    },
  })
}

function viewOf({ startedAt, endedAt, ...row }: RunRow): CommissioningRun {
  return { ...row, startedAt: startedAt.toString(), endedAt: endedAt?.toString() ?? null }
}
