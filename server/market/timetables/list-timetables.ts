import type { Timetable, timetableOperations } from '../../../schemas/market/timetables.ts'
import { tenantOf, type Verb } from '../../kit/index.ts'
import { listContracts } from '../tenders/index.ts'
import { reachText, wholeProduct } from './reach.ts'
import { timetableFor, timetablesInForce, versionsOf } from './store.ts'
import { viewTimetable } from './views.ts'

/** The timetables in force and planned; of narrower ones an FSP sees those that its contracts follow. */
export const listTimetables: Verb<typeof timetableOperations.listTimetables> = async ({ db, at, actor }) => {
  const fspId = tenantOf(actor)
  const own = fspId === null ? [] : await listContracts(db, { fspId })
  const items: Timetable[] = []
  for (const [product, inForce] of await timetablesInForce(db, at)) {
    const followed = own.filter((one) => one.product === product)
    const reaches = new Set(
      followed.flatMap(({ contractId }) => [
        timetableFor(inForce, contractId).reach,
        reachText({ kind: 'contract', contractId }),
      ]),
    )
    const versions = Map.groupBy(await versionsOf(db, product), (row) => row.reach)
    for (const reach of new Set([wholeProduct, ...versions.keys()])) {
      if (fspId !== null && reach !== wholeProduct && !reaches.has(reach)) continue
      const found = inForce.find((one) => one.reach === reach)
      items.push(viewTimetable({ product, reach }, versions.get(reach) ?? [], found, at))
    }
  }
  return { items, nextCursor: null }
}
