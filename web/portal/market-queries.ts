import { queryOptions } from '@tanstack/react-query'
import { contract } from '../../schemas/market/contracts.ts'
import { der } from '../../schemas/market/parties.ts'
import { tender, tenderResponse } from '../../schemas/market/tenders.ts'
import { pageOf } from '../../schemas/vocabulary/paging.ts'
import { ask, askAll } from '../shared/api/client.ts'

export const tendersQuery = queryOptions({
  queryKey: ['tenders'],
  queryFn: ({ signal }) => askAll(pageOf(tender), '/tenders', signal),
  meta: { topics: ['market'] },
})

export const tenderQuery = (id: string) =>
  queryOptions({
    queryKey: ['tenders', id],
    queryFn: ({ signal }) => ask(tender, `/tenders/${id}`, { signal }),
    meta: { topics: ['market'] },
  })

export const responsesQuery = (tenderId: string) =>
  queryOptions({
    queryKey: ['tenders', tenderId, 'responses'],
    queryFn: ({ signal }) => askAll(pageOf(tenderResponse), `/tenders/${tenderId}/responses`, signal),
    meta: { topics: ['market'] },
  })

export const contractsQuery = queryOptions({
  queryKey: ['contracts'],
  queryFn: ({ signal }) => askAll(pageOf(contract), '/contracts', signal),
  meta: { topics: ['market'] },
})

export const dersQuery = queryOptions({
  queryKey: ['ders'],
  queryFn: ({ signal }) => askAll(pageOf(der), '/ders', signal),
  meta: { topics: ['market'] },
})
