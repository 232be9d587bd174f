import { and, asc, desc, eq } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { PseudoNetwork, Rehearsal } from '../../../schemas/dispatch/rehearsals.ts'
import type { Page } from '../../../schemas/vocabulary/paging.ts'
import { afterCursor, type PageQuery, pageFrom } from '../../kit/index.ts'
import { pseudoNetwork, rehearsal } from './tables.ts'

/** A page of pseudo-networks by name. */
export async function pageOfNetworks(tx: Queryable, query: PageQuery): Promise<Page<PseudoNetwork>> {
  const rows = await tx
    .select()
    .from(pseudoNetwork)
    .where(afterCursor(query, [pseudoNetwork.name]))
    .orderBy(asc(pseudoNetwork.name))
    .limit(query.limit + 1)
  return pageFrom(rows, query, (row) => [row.name], viewNetwork)
}

/** A pseudo-network, or a 404. */
export async function requireNetwork(tx: Queryable, id: string): Promise<PseudoNetwork> {
  const [found] = await tx.select().from(pseudoNetwork).where(eq(pseudoNetwork.pseudoNetworkId, id))
  if (!found) throw new ProblemError('not-found', `There is no pseudo-network ${id}.`)
  return viewNetwork(found)
}

/** A page of the rehearsals on a pseudo-network, the latest first. */
export async function pageOfRehearsals(
  tx: Queryable,
  pseudoNetworkId: string,
  query: PageQuery,
): Promise<Page<Rehearsal>> {
  const sorted = [rehearsal.startedAt, rehearsal.rehearsalId]
  const rows = await tx
    .select()
    .from(rehearsal)
    .where(and(eq(rehearsal.pseudoNetworkId, pseudoNetworkId), afterCursor(query, sorted, 'desc')))
    .orderBy(...sorted.map((column) => desc(column)))
    .limit(query.limit + 1)
  return pageFrom(rows, query, (row) => [row.startedAt.toString(), row.rehearsalId], viewRehearsal)
}

export function viewNetwork(row: typeof pseudoNetwork.$inferSelect): PseudoNetwork {
  return { ...row, createdAt: row.createdAt.toString() }
}

export function viewRehearsal(row: typeof rehearsal.$inferSelect): Rehearsal {
  return {
    ...row,
    tradingDay: row.tradingDay.toString(),
    startedAt: row.startedAt.toString(),
    adoptedAt: row.adoptedAt?.toString() ?? null,
  }
}
