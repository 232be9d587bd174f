import { sql } from 'drizzle-orm'
import type { Queryable } from '../../platform/db/index.ts'
import type { Operation } from '../../schemas/vocabulary/operation.ts'
import type { Actor } from './actors.ts'

/** Whether calls of an actor are confined to rows of its own. */
export function isConfined(actor: Actor | null): boolean {
  return actor?.kind === 'fsp' || actor?.kind === 'customer' || actor?.kind === 'provider'
}

/**
 * Confines a transaction to the rows of the FSP, the customer or the data provider that calls: the database itself then hides those of others, from reads and writes, also where a
 * verb forgets to ask whose they are (FM40; OWASP ASVS 5.0, 8.4.1). Callers of the DNO, gateways and the system's own work are not confined,
 * nor is what anybody may do, such as applying as an FSP. What a call by an FSP sets off beyond its own rows runs outside of the
 * transaction, on the context's database.
 */
export async function confine(
  tx: Queryable,
  { access }: Pick<Operation, 'access'>,
  actor: Actor | null,
): Promise<void> {
  if (actor?.kind === 'fsp' && access !== 'anyone')
    await tx.execute(sql`select set_config('ringmain.tenant', ${actor.fspId}, true)`)
  if (actor?.kind === 'customer' && access !== 'anyone')
    await tx.execute(sql`select set_config('ringmain.customer', ${actor.customerId}, true)`)
  if (actor?.kind === 'provider' && access !== 'anyone')
    await tx.execute(sql`select set_config('ringmain.provider', ${actor.providerId}, true)`)
}
