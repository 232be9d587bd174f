import type { Instant } from '@js-joda/core'
import { and, asc, eq, gt, inArray, lt } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import type { StackedUnit } from '../../../schemas/market/tenders.ts'
import { stackingSettings } from '../../../schemas/settings/market.ts'
import { momentInWords } from '../../../schemas/vocabulary/time.ts'
import { figuresAt } from '../../kit/index.ts'
import { flexibleUnit } from '../parties/tables.ts'
import { firstConflict, serviceToOthers } from '../stacking/index.ts'
import { type ContractTerm, contractedPeriods } from './rules/terms.ts'

/** What is about to be contracted of FUs that serve others at the same time. */
export interface Stacking {
  /** What the rule for conflicts says. */
  isRefused: boolean
  /** The first service that each FU runs into, in order of time. */
  met: StackedUnit[]
}

/** Which FUs serve others in the windows of what is about to be contracted of them. What is past refuses nothing, and is left out. */
export async function stackingOf(
  tx: Queryable,
  at: Instant,
  wanted: readonly (ContractTerm & { fuId: string })[],
): Promise<Stacking> {
  const { onConflict } = await figuresAt(tx, stackingSettings, at)
  const isRefused = onConflict === 'refuse'
  if (wanted.length === 0) return { isRefused, met: [] }
  const { fuId, buyer, service, fromAt, toAt } = serviceToOthers
  const rows = await tx
    .select({ fuId, fuName: flexibleUnit.name, buyer, service, fromAt, toAt })
    .from(serviceToOthers)
    .innerJoin(flexibleUnit, eq(flexibleUnit.fuId, fuId))
    .where(
      and(
        inArray(
          fuId,
          wanted.map((one) => one.fuId),
        ),
        gt(toAt, at),
        lt(fromAt, toAt),
      ),
    )
    .orderBy(asc(fromAt), asc(fuId))
  const services = Map.groupBy(rows, (row) => row.fuId)
  const met = wanted.flatMap((term): StackedUnit[] => {
    for (const { fromAt, toAt, ...row } of services.get(term.fuId) ?? []) {
      const from = firstConflict({ fromAt, toAt }, (day) => contractedPeriods(term, day))
      if (from) return [{ ...row, from: from.toString() }]
    }
    return []
  })
  return { isRefused, met: met.sort((a, b) => (a.from < b.from ? -1 : 1)) }
}

/** A conflict in words. */
export function stackedInWords({ fuName, buyer, service, from }: StackedUnit): string {
  return `${fuName} serves ${buyer} (${service}) at ${momentInWords(from)}`
}
