import { randomUUID } from 'node:crypto'
import { LocalDate } from '@js-joda/core'
import { ProblemError } from '../../../platform/http/index.ts'
import type { authorityOperations } from '../../../schemas/market/authorities.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { nameOf, type Verb } from '../../kit/index.ts'
import { requireRoom } from './pending.ts'
import { viewsOf } from './store.ts'
import { mpanAuthority } from './tables.ts'

/**
 * SEC03: an FSP applies for authority over MPANs. Nothing is looked up in the network: the answer is the same for an MPAN that does not
 * exist, that is free and that another FSP holds.
 */
export const applyForAuthorities: Verb<typeof authorityOperations.applyForAuthorities> = async (call) => {
  const { db, at, id: applicationId, actor, body } = call
  const { fspId } = actor
  await requireRoom(db, fspId, body.mpans.length)
  const common = {
    applicationId,
    fspId,
    status: 'applied' as const,
    validFrom: LocalDate.parse(body.from),
    validUntil: body.until === undefined ? null : LocalDate.parse(body.until),
    givenBy: body.givenBy,
    reference: body.reference,
    appliedAt: at,
    appliedBy: nameOf(actor),
  }
  const rows = await db
    .insert(mpanAuthority)
    .values(body.mpans.map((mpan) => ({ authorityId: randomUUID(), mpan, ...common })))
    .onConflictDoNothing()
    .returning()
  const twice = body.mpans.find((mpan) => rows.every((row) => row.mpan !== mpan))
  if (twice)
    throw new ProblemError(
      'conflict',
      `mpans: your application for ${twice} is undecided. Wait for the decision on it.`,
    )
  const { mpans, ...detail } = body
  for (const { authorityId, mpan } of rows)
    call.audit({
      action: 'authority.applied',
      subject: { type: 'authority', id: authorityId },
      detail: { mpan, ...detail },
    })
  call.announce('market')
  return { items: await viewsOf(db, rows, { isDno: false, today: tradingDayOf(at) }) }
}
