import type { Instant } from '@js-joda/core'
import { asc, inArray } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { type timetableOperations, type Unissued, unissuedParts } from '../../../schemas/market/timetables.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { allNodes } from '../../grid/index.ts'
import { tenantOf, type Verb } from '../../kit/index.ts'
import { listContracts } from '../tenders/index.ts'
import { tender } from '../tenders/tables.ts'
import { pathUp, reachFor } from './reach.ts'
import type { ProductTimetable } from './rules.ts'
import { timetableFor, timetablesInForce } from './store.ts'

/** Contracts and tenders with windows that no timetable in force issues: tenders first, each by its first day. */
export const listUnissued: Verb<typeof timetableOperations.listUnissued> = async ({ db, at, actor }) => {
  const fspId = tenantOf(actor)
  const timetables = await timetablesInForce(db, at)
  const items = [...(await ofTenders(db, fspId, timetables)), ...(await ofContracts(db, at, fspId, timetables))]
  return { items: items.filter(({ windows }) => windows.length > 0), nextCursor: null }
}

type InForce = Awaited<ReturnType<typeof timetablesInForce>>

async function ofContracts(tx: Queryable, at: Instant, fspId: string | null, timetables: InForce): Promise<Unissued[]> {
  const contracts = await listContracts(tx, { fspId, from: tradingDayOf(at) })
  const found = contracts.map(({ tenderId, contractId, fuName, product, validFrom, validTo, windows }) => {
    const { rhythm } = timetableFor(timetables.get(product) ?? [], contractId)
    const parts = unissuedParts(windows, rhythm)
    return { tenderId, contractId, title: fuName, product, validFrom, validTo, windows: parts }
  })
  return found.sort((a, b) => (a.validFrom < b.validFrom ? -1 : 1))
}

/** What a tender wants will be contracted of FUs in its zone: they follow the timetable of the nearest zone at or above it. */
async function ofTenders(tx: Queryable, fspId: string | null, timetables: InForce): Promise<Unissued[]> {
  const states = ['draft', 'open', 'evaluated'] as const
  const rows = await tx
    .select()
    .from(tender)
    .where(inArray(tender.state, fspId === null ? [...states] : states.filter((state) => state !== 'draft')))
    .orderBy(asc(tender.validFrom), asc(tender.tenderId))
  if (rows.length === 0) return []
  const parents = new Map((await allNodes(tx)).map((node) => [node.nodeId, node.parentId]))
  return rows.map(({ tenderId, title, product, validFrom, validTo, windows, zoneNodeId }) => {
    const { rhythm } = ofZone(timetables.get(product) ?? [], pathUp(parents, zoneNodeId))
    return {
      tenderId,
      contractId: null,
      title,
      product,
      validFrom: validFrom.toString(),
      validTo: validTo.toString(),
      windows: unissuedParts(windows, rhythm),
    }
  })
}

function ofZone(timetables: readonly ProductTimetable[], path: readonly string[]): ProductTimetable {
  const reach = reachFor(new Set(timetables.map((one) => one.reach)), null, path)
  const found = timetables.find((one) => one.reach === reach)
  if (!found) throw new Error(`no timetable for ${reach}`)
  return found
}
