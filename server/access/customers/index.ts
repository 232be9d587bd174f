import { customerOperations } from '../../../schemas/access/customers.ts'
import { bind } from '../../kit/index.ts'
import { saveCustomer } from './save-customer.ts'
import { listCustomers, readCustomer } from './store.ts'

export { addCustomer, readCustomer, requireCustomer } from './store.ts'

/** Customers, of whom accounts and clients are. */
export const customers = bind(customerOperations, {
  listCustomers: ({ db }) => listCustomers(db),
  readCustomer: ({ db, params }) => readCustomer(db, params.customerId),
  saveCustomer,
})
