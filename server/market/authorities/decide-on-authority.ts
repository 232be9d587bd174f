import { LocalDate } from '@js-joda/core'
import { eq } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { must, ProblemError } from '../../../platform/http/index.ts'
import type { authorityOperations } from '../../../schemas/market/authorities.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { connectionOfMpan } from '../../grid/index.ts'
import { type Call, nameOf, type Verb } from '../../kit/index.ts'
import { judgeApproval } from './rules.ts'
import { lockAuthority, lockHeld, viewsOf } from './store.ts'
import { type AuthorityRow, mpanAuthority } from './tables.ts'

type Decide = typeof authorityOperations.decideOnAuthority

/** SEC03: the DNO approves or refuses an application. An approval may end another FSP's authority on the day of the handover. */
export const decideOnAuthority: Verb<Decide> = async (call) => {
  const { db, at, actor, params, body } = call
  const found = await lockAuthority(db, params.id, null)
  if (found.status !== 'applied') throw new ProblemError('conflict', `This application is already ${found.status}.`)
  const decided = { decidedAt: at, decidedBy: nameOf(actor) }
  const change =
    body.decision === 'refuse'
      ? { ...decided, status: 'refused' as const, reason: body.reason }
      : { ...decided, status: 'approved' as const, validFrom: await approve(db, call, found, body.handOverOn ?? null) }
  const [changed] = await db
    .update(mpanAuthority)
    .set(change)
    .where(eq(mpanAuthority.authorityId, params.id))
    .returning()
  if (!changed) throw new Error(`authority ${params.id} is gone`)
  const { mpan, fspId, validFrom, validUntil, reason } = changed
  call.audit({
    action: `authority.${change.status}`,
    subject: { type: 'authority', id: params.id },
    detail: { mpan, fspId, from: validFrom.toString(), until: validUntil?.toString() ?? null, reason },
  })
  call.announce('market')
  const [view] = await viewsOf(db, [changed], { isDno: true, today: tradingDayOf(at) })
  return view as NonNullable<typeof view>
}

/** Ends what the new authority takes the place of. Returns its first day. */
async function approve(
  tx: Queryable,
  { at, actor, audit }: Pick<Call<Decide>, 'at' | 'actor' | 'audit'>,
  { authorityId, mpan, validFrom: from, validUntil: until }: AuthorityRow,
  handOverOn: string | null,
): Promise<LocalDate> {
  const held = await lockHeld(tx, mpan)
  const isKnown = (await connectionOfMpan(tx, mpan)) !== null
  const day = handOverOn === null ? null : LocalDate.parse(handOverOn)
  const approval = must(judgeApproval({ from, until, mpan, isKnown }, held, day))
  for (const ending of approval.endings) {
    const reason = `The customer has given the authority to another FSP from ${approval.from}.`
    await tx
      .update(mpanAuthority)
      .set({ validUntil: ending.until, endedAt: at, endedBy: nameOf(actor), reason })
      .where(eq(mpanAuthority.authorityId, ending.authorityId))
    audit({
      action: 'authority.handed-over',
      subject: { type: 'authority', id: ending.authorityId },
      detail: { mpan, until: ending.until.toString(), to: authorityId },
    })
  }
  return approval.from
}
