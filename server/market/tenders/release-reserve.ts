import { eq } from 'drizzle-orm'
import { must, ProblemError } from '../../../platform/http/index.ts'
import type { contractOperations } from '../../../schemas/market/contracts.ts'
import type { Verb } from '../../kit/index.ts'
import { kindOfProduct } from '../products/index.ts'
import { daysAfterRelease } from './rules/terms.ts'
import { listContracts } from './store.ts'
import { contract } from './tables.ts'

/**
 * Releases days of reserve that is not needed: nothing is instructed and no availability is paid on them, and the FSP may
 * use its units otherwise. A repeat changes nothing.
 */
export const releaseReserve: Verb<typeof contractOperations.releaseReserve> = async (call) => {
  const { db, at, params, body } = call
  const { id } = params
  const [row] = await db.select().from(contract).where(eq(contract.contractId, id)).for('update')
  if (!row) throw new ProblemError('not-found', `Contract ${id} not found.`)
  const releasedDays = must(daysAfterRelease({ ...row, kind: await kindOfProduct(db, row.product) }, body, at))
  if (releasedDays.length > row.releasedDays.length) {
    await db.update(contract).set({ releasedDays }).where(eq(contract.contractId, id))
    call.audit({ action: 'contract.days-released', subject: { type: 'contract', id }, detail: body })
  }
  for (const topic of ['market', 'dispatch'] as const) call.announce(topic)
  const [view] = await listContracts(db, { contractId: id })
  if (!view) throw new Error(`contract ${id} is gone`)
  return view
}
