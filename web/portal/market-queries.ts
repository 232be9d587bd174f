import { queryOptions, useQuery } from '@tanstack/react-query'
import type { FspNoticeState } from '../../schemas/market/notices.ts'
import { operations } from '../../schemas/operations.ts'
import { api } from '../shared/api/client.ts'

export const productsQuery = queryOptions({
  queryKey: ['products'],
  queryFn: async ({ signal }) => (await api.call(operations.listProducts, {}, { signal })).items,
  meta: { topics: ['market'] },
})

/** Whether a product pays availability; until the products are read, as most do. */
export function usePaysAvailability(product: string): boolean {
  const found = useQuery(productsQuery).data?.find((one) => one.product === product)
  return found?.settings.paysAvailability ?? true
}

export const tendersQuery = queryOptions({
  queryKey: ['tenders'],
  queryFn: ({ signal }) => api.all(operations.listTenders, {}, { signal }),
  meta: { topics: ['market'] },
})

export const tenderQuery = (id: string) =>
  queryOptions({
    queryKey: ['tenders', id],
    queryFn: ({ signal }) => api.call(operations.readTender, { params: { id } }, { signal }),
    meta: { topics: ['market'] },
  })

export const responsesQuery = (tenderId: string) =>
  queryOptions({
    queryKey: ['tenders', tenderId, 'responses'],
    queryFn: ({ signal }) => api.all(operations.listTenderResponses, { params: { id: tenderId } }, { signal }),
    meta: { topics: ['market'] },
  })

export const contractsQuery = queryOptions({
  queryKey: ['contracts'],
  queryFn: ({ signal }) => api.all(operations.listContracts, {}, { signal }),
  meta: { topics: ['market'] },
})

export const timetablesQuery = queryOptions({
  queryKey: ['timetables'],
  queryFn: async ({ signal }) => (await api.call(operations.listTimetables, {}, { signal })).items,
  meta: { topics: ['market'] },
})

export const unissuedQuery = queryOptions({
  queryKey: ['timetables', 'unissued'],
  queryFn: async ({ signal }) => (await api.call(operations.listUnissued, {}, { signal })).items,
  meta: { topics: ['market'] },
})

export const gatesQuery = (day: string) =>
  queryOptions({
    queryKey: ['timetables', 'gates', day],
    queryFn: ({ signal }) => api.all(operations.listScheduleGates, { query: { day } }, { signal }),
    meta: { topics: ['market'] },
  })

export const authoritiesQuery = queryOptions({
  queryKey: ['authorities'],
  queryFn: ({ signal }) => api.all(operations.listAuthorities, {}, { signal }),
  meta: { topics: ['market'] },
})

export const membersQuery = (fuId: string) =>
  queryOptions({
    queryKey: ['members', fuId],
    queryFn: ({ signal }) => api.all(operations.listMembers, { params: { id: fuId } }, { signal }),
    meta: { topics: ['market'] },
  })

/** The latest notices to FSPs, of every state or one. */
export const fspNoticesQuery = (state?: FspNoticeState) =>
  queryOptions({
    queryKey: ['fsp-notices', state ?? 'all'],
    queryFn: ({ signal }) =>
      api.call(operations.listFspNotices, { query: state ? { limit: 200, state } : { limit: 200 } }, { signal }),
    meta: { topics: ['market'] },
  })

export const noticeTargetsQuery = queryOptions({
  queryKey: ['notice-targets'],
  queryFn: async ({ signal }) => (await api.call(operations.listNoticeTargets, {}, { signal })).items,
  meta: { topics: ['market'] },
})

/** DERs: to an FSP its own. */
export const dersQuery = queryOptions({
  queryKey: ['ders'],
  queryFn: ({ signal }) => api.all(operations.listDers, {}, { signal }),
  meta: { topics: ['market'] },
})

/** The latest services to others, of all FUs or one; to an FSP its own. */
export const servicesToOthersQuery = (fuId?: string) =>
  queryOptions({
    queryKey: ['services-to-others', fuId ?? 'all'],
    queryFn: ({ signal }) =>
      api.call(operations.listServicesToOthers, { query: { limit: 500, ...(fuId && { fuId }) } }, { signal }),
    meta: { topics: ['market'] },
  })
