import { refuse } from '../../platform/http/index.ts'
import { type Emergency, emergencyOperations } from '../../schemas/fsp/emergency.ts'
import { brokenField } from '../../schemas/vocabulary/outcome.ts'
import type { FspContext } from '../app/context.ts'
import type { Setpoints } from '../chargepoints/index.ts'
import { bind, type Entrance, noDepot } from '../kit/index.ts'
import type { Emergencies, EmergencyRow } from './emergency.ts'

/** H23: switching optimisation off at once, and on again. */
export function emergencyApi(
  context: FspContext,
  parts: { emergencies: Emergencies; setpoints: Setpoints; controller: { runSoon(depotId: string): void } },
  entrance: Entrance,
) {
  const { emergencies, setpoints, controller } = parts
  const known = (depotId: string, confirm = depotId) => {
    const depot = context.depots.find((each) => each.depotId === depotId)
    if (!depot) throw noDepot(depotId)
    refuse(confirm === depotId ? null : brokenField('confirm', `must be the depot itself, ${depotId}`))
    return depot
  }
  return bind(emergencyOperations, entrance, {
    async switchOff({ caller, params: { depotId }, body, audit }) {
      const { confirm, ...given } = body
      const record = { action: 'depot.emergency-off', subject: depotId, detail: given }
      const row = await emergencies.begin(known(depotId, confirm), { ...given, startedBy: caller.username }, (tx) =>
        audit(record, tx),
      )
      await emergencies.stand(depotId, setpoints)
      await emergencies.hold(setpoints)
      return viewOf(row)
    },

    async switchOn({ caller, params: { depotId }, body, audit }) {
      known(depotId, body.confirm)
      const record = { action: 'depot.emergency-ended', subject: depotId, detail: { reason: body.reason } }
      const row = await emergencies.end(depotId, caller.username, (tx) => audit(record, tx))
      await emergencies.stand(depotId, setpoints)
      controller.runSoon(depotId)
      return viewOf(row)
    },

    async listEmergencies({ params: { depotId } }) {
      known(depotId)
      return (await emergencies.list(depotId)).map(viewOf)
    },
  })
}

function viewOf({ modeBefore: _, since, endedAt, ...row }: EmergencyRow): Emergency {
  return { ...row, since: since.toString(), endedAt: endedAt?.toString() ?? null }
}
