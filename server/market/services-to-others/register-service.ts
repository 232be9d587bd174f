import { randomUUID } from 'node:crypto'
import { ProblemError, refuse } from '../../../platform/http/index.ts'
import type { serviceToOthersOperations } from '../../../schemas/market/services-to-others.ts'
import { stackingSettings } from '../../../schemas/settings/market.ts'
import { instantOf } from '../../../schemas/vocabulary/time.ts'
import { figuresAt, nameOf, tenantOf, type Verb } from '../../kit/index.ts'
import { findUnit } from '../parties/index.ts'
import { serviceToOthers } from '../stacking/index.ts'
import { beginRefusal } from './rules.ts'
import { viewsOf } from './store.ts'

type Register = typeof serviceToOthersOperations.registerServiceToOthers

/** Registers what an FU does for others. All of its times are taken or none. */
export const registerServiceToOthers: Verb<Register> = async (call) => {
  const { db, at, actor, body } = call
  const fspId = tenantOf(actor)
  const unit = await findUnit(db, body.fuId, fspId)
  if (!unit) throw new ProblemError('not-found', `There is no FU ${body.fuId}.`)
  const spans = body.times.map((time) => ({ fromAt: instantOf(time.from), toAt: instantOf(time.to) }))
  for (const [i, span] of spans.entries()) refuse(beginRefusal(span, `times[${i}].from`, fspId === null ? null : at))
  const { fuId, buyer, service, reference } = body
  const rows = spans.map((span) => ({
    serviceId: randomUUID(),
    fuId,
    fspId: unit.fspId,
    buyer,
    service,
    ...span,
    reference,
    registeredAt: at,
    registeredBy: nameOf(actor),
    endedAt: null,
    endedBy: null,
    reason: null,
  }))
  await db.insert(serviceToOthers).values(rows)
  const items = await viewsOf(db, rows)
  const met = items.flatMap(({ conflicts }) => conflicts)
  const { onConflict } = await figuresAt(db, stackingSettings, at)
  // What has happened changed the load whatever is agreed: only what is ahead is refused.
  const [first] = items.filter(({ to }) => instantOf(to).isAfter(at)).flatMap(({ conflicts }) => conflicts)
  if (first && onConflict === 'refuse')
    throw new ProblemError(
      'conflict',
      `At ${first.from} the FU is contracted for product ${first.product} (${first.contractId}): leave that time out.`,
    )
  call.audit({
    action: 'service-to-others.registered',
    subject: { type: 'fu', id: fuId },
    detail: { buyer, service, reference, times: body.times, conflicts: met.map(({ contractId }) => contractId) },
  })
  call.announce('market')
  return { items }
}
