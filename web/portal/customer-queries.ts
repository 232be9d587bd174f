import { queryOptions } from '@tanstack/react-query'
import { operations } from '../../schemas/operations.ts'
import { api } from '../shared/api/client.ts'

/** How often a customer's screens ask again, ms: limits and compliance move by the minute. */
const refreshMs = 60_000

/** The sites of the customer that is logged in. */
export const ownSitesQuery = queryOptions({
  queryKey: ['own-sites'],
  queryFn: ({ signal }) => api.call(operations.listOwnSites, {}, { signal }),
  refetchInterval: refreshMs,
})

export const ownSiteQuery = (connectionId: string) =>
  queryOptions({
    queryKey: ['own-sites', connectionId],
    queryFn: ({ signal }) => api.call(operations.readOwnSite, { params: { id: connectionId } }, { signal }),
    refetchInterval: refreshMs,
  })

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
