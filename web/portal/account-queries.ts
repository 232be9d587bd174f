import { queryOptions } from '@tanstack/react-query'
import { operations } from '../../schemas/operations.ts'
import { api } from '../shared/api/client.ts'

export const ownAccountQuery = queryOptions({
  queryKey: ['account'],
  queryFn: ({ signal }) => api.call(operations.readOwnAccount, {}, { signal }),
})

export const ownSessionsQuery = queryOptions({
  queryKey: ['account', 'sessions'],
  queryFn: ({ signal }) => api.call(operations.listOwnSessions, {}, { signal }),
})

/** Everybody’s accounts, for administrators. */
export const accountsQuery = queryOptions({
  queryKey: ['accounts'],
  queryFn: ({ signal }) => api.all(operations.listAccounts, {}, { signal }),
})
