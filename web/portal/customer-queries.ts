import { queryOptions } from '@tanstack/react-query'
import { operations } from '../../schemas/operations.ts'
import { api } from '../shared/api/client.ts'

/** How often consents are asked for again, ms. */
const refreshMs = 60_000

/** All customers, for people of the DNO. */
export const customersQuery = queryOptions({
  queryKey: ['customers'],
  queryFn: ({ signal }) => api.call(operations.listCustomers, {}, { signal }),
})

/** A customer with its sites and the versions of both. */
export const customerQuery = (customerId: string) =>
  queryOptions({
    queryKey: ['customers', customerId],
    meta: { topics: ['proposals'] },
    async queryFn({ signal }) {
      const params = { customerId }
      return {
        customer: await api.call(operations.readCustomer, { params }, { signal }),
        sites: await api.call(operations.readCustomerSites, { params }, { signal }),
      }
    },
  })

/** Which FSPs read the profile of a site, of all customers. */
export const siteConsentsQuery = queryOptions({
  queryKey: ['site-consents'],
  queryFn: ({ signal }) => api.call(operations.listSiteConsents, {}, { signal }),
  refetchInterval: refreshMs,
})
