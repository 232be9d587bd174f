import { z } from 'zod'
import { people } from '../vocabulary/access.ts'
import { operation } from '../vocabulary/operation.ts'
import { uuid } from '../vocabulary/units.ts'

/** A customer with sites at the network, for whom people and programs act; `etag` is its version. */
export const customer = z
  .object({
    customerId: uuid,
    name: z.string(),
    /** Where it is told of new versions of its profiles; `null`: nowhere. */
    email: z.string().nullable(),
    etag: z.string(),
  })
  .meta({ id: 'Customer' })
export type Customer = z.infer<typeof customer>

export const customerForm = z
  .object({ name: z.string().trim().min(1).max(200), email: z.email().max(200).nullable().default(null) })
  .meta({ id: 'CustomerForm', example: { name: 'Royal Mail', email: 'sites@customer.example' } })

const params = z.object({ customerId: uuid.meta({ example: '5e3f2a10-7b1c-4c46-9f6e-2f8f0d2b7a11' }) })
const tags = ['Customers']

/** Customers, of whom accounts and clients are. Which sites are theirs is stated by planners. */
export const customerOperations = {
  listCustomers: operation({
    method: 'get',
    path: '/customers',
    access: people(),
    tags,
    summary: 'Customers by name',
    answer: z.array(customer),
  }),
  readCustomer: operation({
    method: 'get',
    path: '/customers/{customerId}',
    access: people(),
    tags,
    summary: 'A customer',
    params,
    answer: customer,
    problems: ['not-found'],
    versionedBy: 'etag',
  }),
  saveCustomer: operation({
    method: 'put',
    path: '/customers/{customerId}',
    access: people('planner'),
    tags,
    summary: 'Add a customer under an identifier of your own making, or change it',
    params,
    body: customerForm,
    answer: customer,
    problems: ['not-found', 'conflict'],
    versionedBy: 'etag',
    mayCreate: true,
  }),
}
