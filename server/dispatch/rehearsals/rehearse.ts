import { LocalDate } from '@js-joda/core'
import type { rehearsalOperations } from '../../../schemas/dispatch/rehearsals.ts'
import { nameOf, type Verb } from '../../kit/index.ts'
import { explain, solveModel, usualEffort } from '../optimisation/runs/index.ts'
import { readMembers } from './inputs.ts'
import { requireNetwork, viewRehearsal } from './store.ts'
import { rehearsal } from './tables.ts'

/** Optimises a scenario on a pseudo-network and keeps the result. No schedule changes, and nothing is sent. */
export const rehearse: Verb<typeof rehearsalOperations.rehearse> = async (call) => {
  const { context, at, actor, id, params, body, audit, transaction } = call
  const network = await requireNetwork(context.db, params.id)
  const tradingDay = LocalDate.parse(body.tradingDay)
  const inputs = await readMembers(context.db, at, network, tradingDay, body)
  const solved = await solveModel(inputs.model, inputs.horizon, usualEffort)
  const { nodes, units } = explain(inputs, solved, body.direction)
  const row = {
    rehearsalId: id,
    pseudoNetworkId: params.id,
    ...body,
    tradingDay,
    startedAt: at,
    startedBy: nameOf(actor),
    method: solved.method,
    gap: solved.gap,
    nodes: [...nodes.values()],
    units: [...units].map(([fuId, { periods }]) => ({ fuId, periods })),
    adoptedAt: null,
    adoptedBy: null,
  }
  await transaction(async (tx) => {
    await tx.insert(rehearsal).values(row)
    audit({
      action: 'rehearsal.run',
      subject: { type: 'rehearsal', id },
      detail: { pseudoNetwork: network.name, ...body },
    })
  })
  return viewRehearsal(row)
}
