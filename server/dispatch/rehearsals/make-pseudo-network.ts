import type { Instant } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { PseudoNetwork, rehearsalOperations } from '../../../schemas/dispatch/rehearsals.ts'
import { nameOf, type Verb } from '../../kit/index.ts'
import { listFlexibleUnits } from '../../market/index.ts'
import { networkFault } from './rules.ts'
import { viewNetwork } from './store.ts'
import { pseudoNetwork } from './tables.ts'

/** Creates a pseudo-network. It has its own nodes: the real network is untouched. */
export const makePseudoNetwork: Verb<typeof rehearsalOperations.makePseudoNetwork> = async (call) => {
  const { db, at, actor, id, body, audit } = call
  const fault = networkFault(body) ?? (await unknownMember(db, at, body.members))
  if (fault) throw new ProblemError('contract-broken', `${fault.field}: ${fault.message}.`, { errors: [fault] })
  const row = { ...body, pseudoNetworkId: id, createdAt: at, createdBy: nameOf(actor) }
  const made = await db.insert(pseudoNetwork).values(row).onConflictDoNothing().returning()
  if (made.length === 0) throw new ProblemError('conflict', `There is already a pseudo-network called ${body.name}.`)
  audit({
    action: 'pseudo-network.created',
    subject: { type: 'pseudo-network', id },
    detail: { name: body.name, nodes: body.nodes.length, members: body.members.length },
  })
  return viewNetwork(row)
}

async function unknownMember(
  tx: Queryable,
  at: Instant,
  members: PseudoNetwork['members'],
): Promise<{ field: string; message: string } | null> {
  const units = await listFlexibleUnits(tx, at, { fuIds: members.map((member) => member.fuId) })
  const known = new Set(units.map((unit) => unit.fuId))
  const i = members.findIndex((member) => !known.has(member.fuId))
  return i < 0 ? null : { field: `members[${i}].fuId`, message: `there is no FU ${members[i]?.fuId}` }
}
