import { queryOptions } from '@tanstack/react-query'
import type { NetworkNode } from '../../schemas/grid/connections.ts'
import type { NodeSort } from '../../schemas/grid/network.ts'
import type { ProfileVersion } from '../../schemas/grid/profiles.ts'
import { operations } from '../../schemas/operations.ts'
import { api } from '../shared/api/client.ts'

/** Nodes by name, identifier, kind or parent in an order of all that fit; the first `limit`. */
export const nodesQuery = (filter: {
  search?: string
  kind?: NetworkNode['kind']
  limit?: number
  sort?: NodeSort
  descending?: boolean
}) =>
  queryOptions({
    queryKey: ['nodes', filter],
    queryFn: ({ signal }) => {
      const { search, kind, limit = 500, sort = 'nodeId', descending = false } = filter
      const direction = descending ? ('descending' as const) : ('ascending' as const)
      const query = { limit, sort, direction, ...(search ? { search } : {}), ...(kind ? { kind } : {}) }
      return api.call(operations.listNodes, { query }, { signal })
    },
    placeholderData: (before) => before,
    staleTime: 5 * 60_000,
  })

export const nodeQuery = (nodeId: string) =>
  queryOptions({
    queryKey: ['node', nodeId],
    queryFn: ({ signal }) => api.call(operations.readNode, { params: { id: nodeId } }, { signal }),
    staleTime: 5 * 60_000,
  })

/** The master data of a connection, with the version that a change names. */
export const masterDataQuery = (id: string) =>
  queryOptions({
    queryKey: ['connection', id, 'master-data'],
    meta: { topics: ['proposals'] },
    queryFn: ({ signal }) => api.call(operations.readMasterData, { params: { id } }, { signal }),
  })

/** Whether the limits of a connection follow forecast headroom, and what was issued for a day. */
export const dynamicLimitsQuery = (connectionId: string, day: string) =>
  queryOptions({
    queryKey: ['connection', connectionId, 'dynamic-limits', day],
    meta: { topics: ['network', 'proposals'] },
    async queryFn({ signal }) {
      const params = { id: connectionId }
      return {
        terms: await api.call(operations.readDynamicTerms, { params }, { signal }),
        issued: await api.call(operations.readDynamicLimits, { params: { ...params, day } }, { signal }),
      }
    },
  })

export const headroomQuery = (nodeId: string, day: string) =>
  queryOptions({
    queryKey: ['node', nodeId, 'headroom', day],
    queryFn: ({ signal }) => api.call(operations.readHeadroom, { params: { id: nodeId }, query: { day } }, { signal }),
  })

export const loadForecastQuery = (nodeId: string, day: string) =>
  queryOptions({
    queryKey: ['load-forecast', nodeId, day],
    queryFn: ({ signal }) => api.call(operations.readLoadForecast, { params: { nodeId, day } }, { signal }),
  })

export const targetLevelsQuery = queryOptions({
  queryKey: ['target-levels'],
  queryFn: ({ signal }) => api.all(operations.listTargetLevels, {}, { signal }),
})

export const nodeTermsQuery = (nodeId: string) =>
  queryOptions({
    queryKey: ['node-terms', nodeId],
    queryFn: ({ signal }) => api.call(operations.readNodeTerms, { params: { nodeId } }, { signal }),
  })

/** DNO groups with their licence areas. */
export const areasQuery = queryOptions({
  queryKey: ['licence-areas'],
  queryFn: ({ signal }) => api.call(operations.listAreas, {}, { signal }),
  staleTime: 5 * 60_000,
})

export const networkImportsQuery = queryOptions({
  queryKey: ['network-imports'],
  meta: { topics: ['network'] },
  queryFn: ({ signal }) => api.call(operations.listNetworkImports, {}, { signal }),
})

export const profilesQuery = (filter: { state?: ProfileVersion['state']; connectionId?: string }) =>
  queryOptions({
    queryKey: ['profiles', filter],
    queryFn: ({ signal }) => api.call(operations.listProfiles, { query: filter }, { signal }),
  })

export const profileQuery = (profileId: string) =>
  queryOptions({
    queryKey: ['profile', profileId],
    queryFn: ({ signal }) => api.call(operations.readProfile, { params: { id: profileId } }, { signal }),
  })

/** A version as it is now, beside the revision that a reader has before them and keeps. */
export const profileNowQuery = (profileId: string, beganWith: number) =>
  queryOptions({
    queryKey: ['profile', profileId, 'beside', beganWith],
    queryFn: ({ signal }) => api.call(operations.readProfile, { params: { id: profileId } }, { signal }),
    staleTime: 0,
  })

export const assessmentQuery = (profileId: string, revision: number) =>
  queryOptions({
    queryKey: ['profile', profileId, 'assessment', revision],
    queryFn: ({ signal }) => api.call(operations.assessProfile, { params: { id: profileId } }, { signal }),
  })

/** The layouts in which network files are read. */
export const layoutsQuery = queryOptions({
  queryKey: ['network-layouts'],
  queryFn: ({ signal }) => api.call(operations.listLayouts, {}, { signal }),
})

/** Groups of connections, by name. */
export const connectionGroupsQuery = queryOptions({
  queryKey: ['connection-groups'],
  queryFn: ({ signal }) => api.all(operations.listConnectionGroups, {}, { signal }),
})

/** How a hub was installed. */
export const installationQuery = (hubId: string) =>
  queryOptions({
    queryKey: ['hub', hubId, 'installation'],
    queryFn: ({ signal }) => api.call(operations.readInstallation, { params: { id: hubId } }, { signal }),
  })

/** The versions of its record, the newest first. */
export const installationVersionsQuery = (hubId: string) =>
  queryOptions({
    queryKey: ['hub', hubId, 'installation', 'versions'],
    queryFn: ({ signal }) => api.all(operations.listInstallations, { params: { id: hubId } }, { signal }),
  })
