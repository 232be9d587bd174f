import { namerOf } from '../kit/index.ts'
import { account } from './accounts/tables.ts'
import { customer } from './customers/tables.ts'

/** The names of people, who are known by their user names, and of customers. */
export const accessNames = {
  account: namerOf(account, account.username, account.fullName),
  customer: namerOf(customer, customer.customerId, customer.name),
}
