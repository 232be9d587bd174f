import { LocalDate } from '@js-joda/core'
import { eq } from 'drizzle-orm'
import { refuse } from '../../../platform/http/index.ts'
import type { authorityOperations } from '../../../schemas/market/authorities.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { nameOf, tenantOf, type Verb } from '../../kit/index.ts'
import { endRefusal } from './rules.ts'
import { lockAuthority, viewsOf } from './store.ts'
import { mpanAuthority } from './tables.ts'

/** SEC03: ends an authority. From that day its FSP reads, meters and is sent nothing of the MPAN any more. */
export const endAuthority: Verb<typeof authorityOperations.endAuthority> = async (call) => {
  const { db, at, actor, params, body } = call
  const [fspId, today, until] = [tenantOf(actor), tradingDayOf(at), LocalDate.parse(body.until)]
  const found = await lockAuthority(db, params.id, fspId)
  const span = { status: found.status, from: found.validFrom, until: found.validUntil }
  refuse(endRefusal(span, until, fspId === null ? null : today))
  const { reason } = body
  const [changed] = await db
    .update(mpanAuthority)
    .set({ validUntil: until, endedAt: at, endedBy: nameOf(actor), reason })
    .where(eq(mpanAuthority.authorityId, params.id))
    .returning()
  if (!changed) throw new Error(`authority ${params.id} is gone`)
  call.audit({
    action: 'authority.ended',
    subject: { type: 'authority', id: params.id },
    detail: { mpan: changed.mpan, fspId: changed.fspId, until: body.until, reason },
  })
  call.announce('market')
  const [view] = await viewsOf(db, [changed], { isDno: fspId === null, today })
  return view as NonNullable<typeof view>
}
