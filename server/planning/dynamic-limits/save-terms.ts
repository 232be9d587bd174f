import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError, problemOf } from '../../../platform/http/index.ts'
import type {
  DynamicTerms,
  DynamicTermsForm,
  dynamicLimitOperations,
} from '../../../schemas/planning/dynamic-limits.ts'
import { brokenField } from '../../../schemas/vocabulary/outcome.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { dynamicTermsOf, findConnection, pathOf, saveDynamicTerms, withdrawIssuesAfter } from '../../grid/index.ts'
import { type Call, isCurrent, nameOf, newerRevision, type ProposedAct } from '../../kit/index.ts'

type SaveTerms = typeof dynamicLimitOperations.saveDynamicTerms

/** What the contract of a connection says of dynamic limits; without a row they are off, and the revision is 0. */
export async function readTerms(
  tx: Queryable,
  connectionId: string,
  { lock = false } = {},
): Promise<DynamicTerms & { name: string }> {
  const connection = await findConnection(tx, connectionId)
  if (!connection) throw new ProblemError('not-found', `There is no connection ${connectionId}.`)
  const row = await dynamicTermsOf(tx, connectionId, { lock })
  const none = { connectionId, isOn: false, floorW: 0, topNodeId: connection.nodeId, revision: 0 }
  return { ...(row ?? none), name: connection.name }
}

/** Switches the dynamic limits of a connection on or off, as its contract says: they decide what it may import, so two people do it. */
export const saveDynamicTermsAct: ProposedAct<SaveTerms, DynamicTerms> = {
  async describe(call) {
    const { db, params, body } = call
    const { name, ...before } = await lockCurrent(call)
    const { nodeId = '' } = (await findConnection(db, params.id)) ?? {}
    if (!(await pathOf(db, nodeId)).some((node) => node.nodeId === body.topNodeId))
      throw problemOf(brokenField('topNodeId', 'is neither the node of the connection nor one above it'))
    const title = `${body.isOn ? 'Set' : 'End'} the dynamic limits of ${name}`
    return { subject: { type: 'connection', id: params.id }, title, before: formOf(before), after: body }
  },

  async carryOut(call) {
    const { db, params, body, at, actor } = call
    const before = await lockCurrent(call)
    const row = { connectionId: params.id, ...body, revision: before.revision + 1 }
    if (!(await saveDynamicTerms(db, row))) throw newerRevision(before, body)
    // They were issued by other terms; what holds today stays.
    await withdrawIssuesAfter(db, params.id, tradingDayOf(at), { at, by: nameOf(actor) })
    call.audit({
      action: 'dynamic-limit-terms.saved',
      subject: { type: 'connection', id: params.id },
      detail: { before: formOf(before), after: body },
    })
    return row
  },
}

async function lockCurrent({ db, params, body, version }: Call<SaveTerms>) {
  const before = await readTerms(db, params.id, { lock: true })
  if (!isCurrent(version, before.revision)) throw newerRevision(before, body)
  return before
}

function formOf({ isOn, floorW, topNodeId }: DynamicTermsForm): DynamicTermsForm {
  return { isOn, floorW, topNodeId }
}
