import type { Instant } from '@js-joda/core'
import { and, asc, desc, eq, gt, inArray, lt } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { ServiceToOthers } from '../../../schemas/market/services-to-others.ts'
import type { Page } from '../../../schemas/vocabulary/paging.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { afterCursor, type PageQuery, pageFrom } from '../../kit/index.ts'
import { firstConflict, type ServiceRow, serviceToOthers } from '../stacking/index.ts'
import { contractedPeriods, listContracts, termOf } from '../tenders/index.ts'
import { viewService } from './views.ts'

/** A page of services, the latest first. */
export async function pageOfServices(
  tx: Queryable,
  filter: { fspId?: string | null | undefined; fuId?: string | undefined },
  query: PageQuery,
): Promise<Page<ServiceToOthers>> {
  const { fromAt, serviceId, fspId, fuId } = serviceToOthers
  const rows = await tx
    .select()
    .from(serviceToOthers)
    .where(
      and(
        filter.fspId ? eq(fspId, filter.fspId) : undefined,
        filter.fuId ? eq(fuId, filter.fuId) : undefined,
        afterCursor(query, [fromAt, serviceId], 'desc'),
      ),
    )
    .orderBy(desc(fromAt), desc(serviceId))
    .limit(query.limit + 1)
  const page = pageFrom(
    rows,
    query,
    (row) => [row.fromAt.toString(), row.serviceId],
    (row) => row,
  )
  return { ...page, items: await viewsOf(tx, page.items) }
}

/** Services with the contracts that they run into, also those awarded since. */
export async function viewsOf(tx: Queryable, rows: readonly ServiceRow[]): Promise<ServiceToOthers[]> {
  if (rows.length === 0) return []
  const edges = rows.flatMap((row) => [row.fromAt, row.toAt]).sort((a, b) => a.compareTo(b))
  const [first, last] = [edges[0] as Instant, edges.at(-1) as Instant]
  const fuIds = [...new Set(rows.map((row) => row.fuId))]
  const contracts = await listContracts(tx, { fuIds, from: tradingDayOf(first), to: tradingDayOf(last) })
  const byFu = Map.groupBy(contracts, (contract) => contract.fuId)
  return rows.map((row) => {
    const met = (byFu.get(row.fuId) ?? []).flatMap((contract) => {
      const term = termOf(contract)
      const from = firstConflict(row, (day) => contractedPeriods(term, day))
      return from ? [{ contractId: contract.contractId, product: contract.product, from: from.toString() }] : []
    })
    return viewService(row, met)
  })
}

/** Locks a service until the end of the transaction. Throws if there is none or, to an FSP, if it is another's (FM40). */
export async function lockService(tx: Queryable, serviceId: string, fspId: string | null): Promise<ServiceRow> {
  const own = fspId === null ? undefined : eq(serviceToOthers.fspId, fspId)
  const [row] = await tx
    .select()
    .from(serviceToOthers)
    .where(and(eq(serviceToOthers.serviceId, serviceId), own))
    .for('update')
  if (!row) throw new ProblemError('not-found', `There is no service to others ${serviceId}.`)
  return row
}

/** Spans in which FUs served others, within a span of time, in order of time. */
export async function serviceSpans(
  tx: Queryable,
  { fuIds, from, to }: { fuIds: readonly string[]; from: Instant; to: Instant },
): Promise<Pick<ServiceRow, 'fuId' | 'fromAt' | 'toAt'>[]> {
  if (fuIds.length === 0) return []
  const { fuId, fromAt, toAt } = serviceToOthers
  return tx
    .select({ fuId, fromAt, toAt })
    .from(serviceToOthers)
    .where(and(inArray(fuId, [...fuIds]), lt(fromAt, to), gt(toAt, from), lt(fromAt, toAt)))
    .orderBy(asc(fromAt), asc(fuId))
}
