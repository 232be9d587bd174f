import { and, asc, eq, type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { Membership, partyOperations } from '../../../schemas/market/parties.ts'
import { afterCursor, pageFrom, tenantOf, type Verb } from '../../kit/index.ts'
import { findUnit } from './store.ts'
import { der, flexibleUnitDer } from './tables.ts'
import { viewConsent } from './views.ts'

/** The DERs of an FU with their days, by name; on one day, those that count. */
export const listMembers: Verb<typeof partyOperations.listMembers> = async ({ db, actor, params, query }) => {
  if (!(await findUnit(db, params.id, tenantOf(actor))))
    throw new ProblemError('not-found', `FU ${params.id} not found.`)
  const counts =
    query.day &&
    sql`${flexibleUnitDer.derId} in (
    select m.der_id from unit_member m where m.fu_id = ${params.id}::uuid and m.days @> ${query.day}::date
  ) and daterange(${flexibleUnitDer.validFrom}, ${flexibleUnitDer.validUntil}) @> ${query.day}::date`
  const sorted = [der.name, der.derId, flexibleUnitDer.validFrom]
  const where = and(eq(flexibleUnitDer.fuId, params.id), counts || undefined, afterCursor(query, sorted))
  const rows = await select(db, where)
    .orderBy(...sorted)
    .limit(query.limit + 1)
  return pageFrom(rows, query, ({ of, membership }) => [of.name, of.derId, membership.validFrom.toString()], viewOf)
}

/** The memberships of one DER, in order. */
export async function membershipsOf(tx: Queryable, derId: string): Promise<Membership[]> {
  const rows = await select(tx, eq(flexibleUnitDer.derId, derId)).orderBy(asc(flexibleUnitDer.validFrom))
  return rows.map(viewOf)
}

function select(tx: Queryable, where: SQL | undefined) {
  return tx
    .select({ membership: flexibleUnitDer, of: der })
    .from(flexibleUnitDer)
    .innerJoin(der, eq(der.derId, flexibleUnitDer.derId))
    .where(where)
    .$dynamic()
}

function viewOf({ membership, of }: Awaited<ReturnType<typeof select>>[number]): Membership {
  const { derId, name: derName, kind, mpan, ratedW } = of
  const { fuId, validFrom, validUntil } = membership
  return {
    derId,
    derName,
    kind,
    mpan,
    ratedW,
    fuId,
    from: validFrom.toString(),
    until: validUntil?.toString() ?? null,
    consent: viewConsent(of),
  }
}
