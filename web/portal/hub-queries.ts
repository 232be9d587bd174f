import { queryOptions } from '@tanstack/react-query'
import { operations } from '../../schemas/operations.ts'
import { api } from '../shared/api/client.ts'

/** How a hub is reached and read, with the version that a change names. */
export const registrationQuery = (hubId: string) =>
  queryOptions({
    queryKey: ['hub', hubId, 'registration'],
    queryFn: ({ signal }) => api.call(operations.readRegistration, { params: { id: hubId } }, { signal }),
    meta: { topics: ['proposals'] },
  })

/** The point maps of hub models, each with the number of hubs that use it. */
export const pointMapsQuery = queryOptions({
  queryKey: ['point-maps'],
  queryFn: ({ signal }) => api.call(operations.listPointMaps, {}, { signal }),
  meta: { topics: ['proposals'] },
})

/** One point map, with the version that a change names. */
export const pointMapQuery = (name: string) =>
  queryOptions({
    queryKey: ['point-map', name],
    queryFn: ({ signal }) => api.call(operations.readPointMap, { params: { name } }, { signal }),
    meta: { topics: ['proposals'] },
  })

/** Pools of gateways, and how their hubs are spread over them now. */
export const poolsQuery = queryOptions({
  queryKey: ['gateway-pools'],
  queryFn: ({ signal }) => api.call(operations.listPools, {}, { signal }),
  meta: { topics: ['telemetry'] },
  refetchInterval: 30_000,
})

/** One pool, with the version that a change names. */
export const poolQuery = (name: string) =>
  queryOptions({
    queryKey: ['gateway-pool', name],
    queryFn: ({ signal }) => api.call(operations.readPool, { params: { name } }, { signal }),
  })
