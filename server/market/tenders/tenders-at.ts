import type { Instant } from '@js-joda/core'
import { and, asc, gte, ne } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { tendersState } from '../../../schemas/grid/network-map.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import type { TenderAt } from '../../grid/index.ts'
import { tender } from './tables.ts'

/** The tenders that are neither withdrawn nor over, by what they need of the DNO: those that need something come first. */
export async function tendersAt(db: Queryable, at: Instant): Promise<TenderAt[]> {
  const { tenderId, title, state, zoneNodeId, gateClosesAt } = tender
  const rows = await db
    .select({ tenderId, title, state, zoneNodeId, gateClosesAt })
    .from(tender)
    .where(and(ne(tender.state, 'withdrawn'), gte(tender.validTo, tradingDayOf(at))))
    .orderBy(asc(tender.gateClosesAt), asc(tender.tenderId))
  const order = tendersState.options
  return rows
    .map((row) => ({ ...row, nodeId: row.zoneNodeId, state: needOf(row.state, row.gateClosesAt.isAfter(at)) }))
    .map(({ zoneNodeId: _, gateClosesAt: __, ...row }) => row)
    .sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state))
}

function needOf(state: (typeof tender.$inferSelect)['state'], isGateOpen: boolean): TenderAt['state'] {
  if (state === 'open') return isGateOpen ? 'open' : 'to-evaluate'
  return state === 'evaluated' ? 'to-award' : state === 'draft' ? 'draft' : 'awarded'
}
