import { LocalDate } from '@js-joda/core'
import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import { ProblemError } from '../../../platform/http/index.ts'
import type { Contract, reserveRelease } from '../../../schemas/market/tenders.ts'
import { type Actor, recordAudit, type ServerContext } from '../../kit/index.ts'
import { releaseFault } from './rules.ts'
import { listContracts } from './store.ts'
import { contract } from './tables.ts'

/**
 * Gives days of reserve that is not needed back to the FSP: nothing is instructed and no availability is paid on them, and the FSP may
 * use its units otherwise. Only product A is reserve; only whole days that have not begun. The same again changes nothing.
 */
export async function releaseReserve(
  context: ServerContext,
  actor: Actor,
  contractId: string,
  given: z.infer<typeof reserveRelease>,
): Promise<Contract> {
  const at = context.clock.now()
  const released = await context.db.transaction(async (tx) => {
    const [row] = await tx.select().from(contract).where(eq(contract.contractId, contractId)).for('update')
    if (!row) throw new ProblemError('not-found', `There is no contract ${contractId}.`)
    if (row.product !== 'A')
      throw new ProblemError(
        'conflict',
        `The contract is for product ${row.product}: only reserve of product A is released.`,
      )
    for (const [i, day] of given.days.entries()) {
      const term = { validFrom: row.validFrom, validTo: row.validTo, windows: row.windows }
      const fault = releaseFault(term, LocalDate.parse(day), at)
      if (fault === 'begun')
        throw new ProblemError(
          'conflict',
          `${day} has begun: the FSP has kept its reserve for it, so that it stays contracted.`,
        )
      if (fault)
        throw new ProblemError('contract-broken', `days[${i}]: the contract has no window on ${day}.`, {
          errors: [{ field: `days[${i}]`, message: 'is no day on which the contract has a window' }],
        })
    }
    const days = [...new Set([...row.releasedDays, ...given.days])].sort()
    await tx.update(contract).set({ releasedDays: days }).where(eq(contract.contractId, contractId))
    if (days.length > row.releasedDays.length)
      await recordAudit(tx, at, actor, {
        action: 'contract.days-released',
        subject: { type: 'contract', id: contractId },
        detail: given,
      })
    const [view] = await listContracts(tx, { contractId })
    if (!view) throw new Error('the contract is there')
    return view
  })
  for (const topic of ['market', 'dispatch'] as const) context.announce(topic)
  return released
}
