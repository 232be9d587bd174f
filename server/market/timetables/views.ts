import type { Instant } from '@js-joda/core'
import type { Timetable } from '../../../schemas/market/timetables.ts'
import type { Product } from '../../../schemas/vocabulary/units.ts'
import { reachFrom } from './reach.ts'
import type { ProductTimetable } from './rules.ts'
import type { TimetableRow } from './store.ts'

/**
 * A timetable as the API shows it.
 * @param versions every version of it, in order.
 * @param inForce the one in force now; `undefined` if there is none.
 */
export function viewTimetable(
  { product, reach }: { product: Product; reach: string },
  versions: readonly TimetableRow[],
  inForce: ProductTimetable | undefined,
  at: Instant,
): Timetable {
  const of = reachFrom(reach)
  const own = versions.find((row) => row.version === inForce?.version)
  return {
    product,
    zoneNodeId: of.kind === 'zone' ? of.nodeId : null,
    contractId: of.kind === 'contract' ? of.contractId : null,
    version: versions.length,
    settings: inForce ? settingsOf(inForce) : null,
    inForceFrom: own?.inForceFrom.toString() ?? null,
    changedAt: own?.changedAt.toString() ?? null,
    changedBy: own?.changedBy ?? null,
    planned: versions
      .filter((row) => row.inForceFrom.isAfter(at))
      .map(({ inForceFrom, settings, changedBy }) => ({ inForceFrom: inForceFrom.toString(), settings, changedBy })),
  }
}

/** What a timetable in force states. */
export function settingsOf(timetable: ProductTimetable): NonNullable<Timetable['settings']> {
  const { rhythm, graceSeconds, leaseSeconds, unselected, isOptimised, optimiserSeconds, gates } = timetable
  return { rhythm, graceSeconds, leaseSeconds, unselected, isOptimised, optimiserSeconds, gates }
}
