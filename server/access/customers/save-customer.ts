import { and, eq, ne } from 'drizzle-orm'
import { ProblemError } from '../../../platform/http/index.ts'
import type { customerOperations } from '../../../schemas/access/customers.ts'
import { isCurrent, notCurrent, type Verb } from '../../kit/index.ts'
import { viewCustomer } from './store.ts'
import { customer } from './tables.ts'

/** Adds a customer, or changes its name or address for notices. */
export const saveCustomer: Verb<typeof customerOperations.saveCustomer> = async ({ db, params, body, ...call }) => {
  const { customerId } = params
  const [before] = await db.select().from(customer).where(eq(customer.customerId, customerId)).for('update')
  if (!isCurrent(call.version, before?.revision)) throw notCurrent('customer', before?.revision)
  const [taken] = await db
    .select()
    .from(customer)
    .where(and(eq(customer.name, body.name), ne(customer.customerId, customerId)))
  if (taken) throw new ProblemError('conflict', `There is a customer ${body.name} already.`)
  const [saved] = before
    ? await db
        .update(customer)
        .set({ ...body, revision: before.revision + 1 })
        .where(eq(customer.customerId, customerId))
        .returning()
    : await db
        .insert(customer)
        .values({ customerId, ...body })
        .onConflictDoNothing()
        .returning()
  if (!saved) throw notCurrent('customer', 1)
  call.audit({
    action: before ? 'customer.changed' : 'customer.added',
    subject: { type: 'customer', id: customerId },
    detail: { now: body, before: before ? { name: before.name, email: before.email } : null },
  })
  return viewCustomer(saved)
}
