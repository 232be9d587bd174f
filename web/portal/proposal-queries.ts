import { queryOptions } from '@tanstack/react-query'
import { operations } from '../../schemas/operations.ts'
import { api } from '../shared/api/client.ts'

/** What waits for a second person, the latest first. */
export const waitingQuery = queryOptions({
  queryKey: ['proposals', 'waiting'],
  queryFn: ({ signal }) => api.all(operations.listProposals, { query: { state: 'waiting' } }, { signal }),
  meta: { topics: ['proposals'] },
})
