import { sql } from 'drizzle-orm'
import { ProblemError } from '../../../platform/http/index.ts'
import type { authorityOperations, DecidedApplication } from '../../../schemas/market/authorities.ts'
import { mostNamed, nameOf, type Verb } from '../../kit/index.ts'

/**
 * SEC03 for thousands of homes: the DNO decides on every undecided MPAN of an application. An approval leaves out those that nobody holds
 * and those that another FSP holds on some of the days, for a decision of their own.
 */
export const decideOnAuthorityApplication: Verb<typeof authorityOperations.decideOnAuthorityApplication> = async (
  call,
) => {
  const { db, at, actor, params, body } = call
  // Approvals of one MPAN take turns; here of all, for the moment that this takes.
  await db.execute(sql`lock table mpan_authority in exclusive mode`)
  const applied = sql`a.application_id = ${params.id}::uuid and a.status = 'applied'`
  const [found] = await db.execute<{ fsp_id: string; n: number }>(
    sql`select fsp_id, count(*)::int as n from mpan_authority a where ${applied} group by fsp_id`,
  )
  if (!found) throw new ProblemError('not-found', `No MPAN of an application ${params.id} is undecided.`)
  const isApproval = body.decision === 'approve'
  const reason = body.decision === 'refuse' ? body.reason : null
  const isLeft = sql`(not exists (select 1 from connection_mpan c where c.mpan = a.mpan) or exists (${clash}))`
  const decided = await db.execute(sql`
    update mpan_authority a set status = ${isApproval ? 'approved' : 'refused'}, decided_at = ${at.toString()}::timestamptz,
      decided_by = ${nameOf(actor)}, reason = ${reason}
    where ${applied} ${isApproval ? sql`and not ${isLeft}` : sql``}`)
  const left = await db.execute<DecidedApplication['left'][number]>(sql`
    select a.authority_id as "authorityId", a.mpan, coalesce(
      (select 'is held by ' || f.company_name from (${clash}) o join fsp f on f.fsp_id = o.fsp_id limit 1),
      'is not held by a connection') as reason
    from mpan_authority a where ${applied} order by a.mpan limit ${mostNamed}`)
  call.audit({
    action: `authorities.${isApproval ? 'approved' : 'refused'}`,
    subject: { type: 'authority-application', id: params.id },
    detail: { fspId: found.fsp_id, mpans: decided.count, left: found.n - decided.count, reason },
  })
  call.announce('market')
  return { applicationId: params.id, decided: decided.count, left: [...left], leftCount: found.n - decided.count }
}

/** Approved authorities over the MPAN of `a` on some of its days. */
const clash = sql`
  select o.fsp_id from mpan_authority o where o.mpan = a.mpan and o.status = 'approved'
    and daterange(o.valid_from, o.valid_until) && daterange(a.valid_from, a.valid_until)`
