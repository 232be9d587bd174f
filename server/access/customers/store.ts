import { asc, eq } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError, problemOf } from '../../../platform/http/index.ts'
import type { Customer } from '../../../schemas/access/customers.ts'
import { brokenField } from '../../../schemas/vocabulary/outcome.ts'
import { customer } from './tables.ts'

export function viewCustomer({ customerId, name, email, revision }: typeof customer.$inferSelect): Customer {
  return { customerId, name, email, etag: String(revision) }
}

export async function listCustomers(db: Queryable): Promise<Customer[]> {
  return (await db.select().from(customer).orderBy(asc(customer.name))).map(viewCustomer)
}

/** Adds a customer, if there is none by its identifier or name. @returns whether it was added. */
export async function addCustomer(
  db: Queryable,
  row: Pick<Customer, 'customerId' | 'name' | 'email'>,
): Promise<boolean> {
  return (await db.insert(customer).values(row).onConflictDoNothing().returning()).length > 0
}

/** 404 if there is none. */
export async function readCustomer(db: Queryable, customerId: string): Promise<Customer> {
  const [row] = await db.select().from(customer).where(eq(customer.customerId, customerId))
  if (!row) throw new ProblemError('not-found', `There is no customer ${customerId}.`)
  return viewCustomer(row)
}

/** Refuses an account or a client of a customer that is not there. */
export async function requireCustomer(db: Queryable, customerId: string): Promise<void> {
  const [row] = await db.select().from(customer).where(eq(customer.customerId, customerId))
  if (!row) throw problemOf(brokenField('customerId', `is not a customer: ${customerId}`))
}
