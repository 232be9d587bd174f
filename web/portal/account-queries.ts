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

/** The open sessions of an account, for administrators. */
export const accountSessionsQuery = (username: string) =>
  queryOptions({
    queryKey: ['accounts', username, 'sessions'],
    queryFn: ({ signal }) => api.call(operations.listAccountSessions, { params: { username } }, { signal }),
  })

/** Every client of the API, for administrators. */
export const clientsQuery = queryOptions({
  queryKey: ['clients'],
  queryFn: async ({ signal }) => (await api.call(operations.listClients, {}, { signal })).items,
})
