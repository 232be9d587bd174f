import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { type AuditFilter, auditTrailSubject } from '../../schemas/access/audit.ts'
import { operations } from '../../schemas/operations.ts'
import { api } from '../shared/api/client.ts'

/** The trail, newest first, page by page. */
export const auditQuery = (filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ['audit', 'found', filter],
    queryFn: ({ signal, pageParam }) => {
      const query = pageParam === null ? filter : { ...filter, cursor: pageParam }
      return api.call(operations.listAuditEntries, { query }, { signal })
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  })

/** One entry by its place in the chain. */
export const auditEntryQuery = (position: number) =>
  queryOptions({
    queryKey: ['audit', 'entry', position],
    queryFn: ({ signal }) => api.call(operations.readAuditEntry, { params: { position } }, { signal }),
    // Nobody can change an entry.
    staleTime: Number.POSITIVE_INFINITY,
  })

/** The latest entries about one thing. */
export const auditHistoryQuery = (subjectType: string, subjectId: string) =>
  queryOptions({
    queryKey: ['audit', 'history', subjectType, subjectId],
    queryFn: async ({ signal }) =>
      (await api.call(operations.listAuditEntries, { query: { subjectType, subjectId, limit: 20 } }, { signal })).items,
  })

/** Where the trail ends, and its latest check; `null` where there is none. */
export const auditStateQuery = queryOptions({
  queryKey: ['audit', 'state'],
  async queryFn({ signal }) {
    const ofTrail = { subjectType: auditTrailSubject.type, limit: 1 }
    const [newest, checks] = await Promise.all([
      api.call(operations.listAuditEntries, { query: { limit: 1 } }, { signal }),
      api.call(operations.listAuditEntries, { query: ofTrail }, { signal }),
    ])
    return { newest: newest.items[0] ?? null, check: checks.items[0] ?? null }
  },
})
