import { asc, inArray } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { flexibleUnit } from '../parties/tables.ts'
import { type ContractTerm, firstSharedDay, termOf } from './rules/terms.ts'
import { listContracts } from './store.ts'

/** What is about to be contracted of an FU. */
interface Wanted extends ContractTerm {
  fuId: string
}

/**
 * Which of the wanted contracts cover time for which their FU is contracted already, each in words; empty if none does. Locks the FUs until
 * the end of the transaction, so that nothing else is contracted of them meanwhile.
 */
export async function clashes(tx: Queryable, wanted: readonly Wanted[]): Promise<string[]> {
  const fuIds = wanted.map((one) => one.fuId)
  if (fuIds.length === 0) return []
  const { fuId } = flexibleUnit
  await tx.select({ fuId }).from(flexibleUnit).where(inArray(fuId, fuIds)).orderBy(asc(fuId)).for('update')
  const held = Map.groupBy(await listContracts(tx, { fuIds }), (one) => one.fuId)
  return wanted.flatMap((one) => {
    for (const other of held.get(one.fuId) ?? []) {
      const day = firstSharedDay(one, termOf(other))
      if (day) return [`${other.fuName} is contracted for product ${other.product} at the same time, first on ${day}`]
    }
    return []
  })
}
