import { queryOptions } from '@tanstack/react-query'
import { z } from 'zod'
import { networkNode } from '../../schemas/grid/connections.ts'
import { type ProfileApplication, profileVersion } from '../../schemas/grid/profiles.ts'
import { operations } from '../../schemas/operations.ts'
import { pageOf } from '../../schemas/vocabulary/paging.ts'
import { api, ask } from '../shared/api/client.ts'

/** Nodes by name, identifier, kind or parent; the first `limit`. */
export const nodesQuery = (filter: { search?: string; kind?: string; limit?: number }) =>
  queryOptions({
    queryKey: ['nodes', filter],
    queryFn: ({ signal }) => {
      const query = new URLSearchParams({ limit: String(filter.limit ?? 500) })
      if (filter.search) query.set('search', filter.search)
      if (filter.kind) query.set('kind', filter.kind)
      return ask(pageOf(networkNode), `/network/nodes?${query}`, { signal })
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

export const networkImportsQuery = queryOptions({
  queryKey: ['network-imports'],
  meta: { topics: ['network'] },
  queryFn: ({ signal }) => api.call(operations.listNetworkImports, {}, { signal }),
})

export const profilesQuery = (filter: { state?: string; connectionId?: string }) =>
  queryOptions({
    queryKey: ['profiles', filter],
    queryFn: ({ signal }) =>
      ask(z.array(profileVersion), `/profiles?${new URLSearchParams({ ...filter })}`, { signal }),
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

/** What limits do on a day; ask only with limits. */
export const previewQuery = (limits: ProfileApplication['limits'] | null, day: string) =>
  queryOptions({
    queryKey: ['profile-preview', day, limits],
    queryFn: ({ signal }) => api.call(operations.previewProfile, { body: { limits, day } }, { signal }),
    placeholderData: (before) => before,
  })

export const assessmentQuery = (profileId: string, revision: number) =>
  queryOptions({
    queryKey: ['profile', profileId, 'assessment', revision],
    queryFn: ({ signal }) => api.call(operations.assessProfile, { params: { id: profileId } }, { signal }),
  })
