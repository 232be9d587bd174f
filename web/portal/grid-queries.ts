import { queryOptions } from '@tanstack/react-query'
import { z } from 'zod'
import { networkNode } from '../../schemas/grid/connections.ts'
import { networkImport, nodeHeadroom, nodePage } from '../../schemas/grid/network.ts'
import { assessment, type ProfileApplication, profileDay, profileVersion } from '../../schemas/grid/profiles.ts'
import { loadForecast, targetLevel } from '../../schemas/planning/load.ts'
import { pageOf } from '../../schemas/vocabulary/paging.ts'
import { ask, askAll } from '../shared/api/client.ts'

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
    queryFn: ({ signal }) => ask(nodePage, `/network/nodes/${encodeURIComponent(nodeId)}`, { signal }),
    staleTime: 5 * 60_000,
  })

export const headroomQuery = (nodeId: string, day: string) =>
  queryOptions({
    queryKey: ['node', nodeId, 'headroom', day],
    queryFn: ({ signal }) =>
      ask(nodeHeadroom, `/network/nodes/${encodeURIComponent(nodeId)}/headroom?day=${day}`, { signal }),
  })

export const loadForecastQuery = (nodeId: string, day: string) =>
  queryOptions({
    queryKey: ['load-forecast', nodeId, day],
    queryFn: ({ signal }) => ask(loadForecast, `/load-forecasts/${encodeURIComponent(nodeId)}/${day}`, { signal }),
  })

export const targetLevelsQuery = queryOptions({
  queryKey: ['target-levels'],
  queryFn: ({ signal }) => askAll(pageOf(targetLevel), '/target-levels', signal),
})

export const networkImportsQuery = queryOptions({
  queryKey: ['network-imports'],
  meta: { topics: ['network'] },
  queryFn: ({ signal }) => ask(z.array(networkImport), '/network/imports', { signal }),
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
    queryFn: ({ signal }) => ask(profileVersion, `/profiles/${profileId}`, { signal }),
  })

/** A version as it is now, beside the revision that a reader has before them and keeps. */
export const profileNowQuery = (profileId: string, beganWith: number) =>
  queryOptions({
    queryKey: ['profile', profileId, 'beside', beganWith],
    queryFn: ({ signal }) => ask(profileVersion, `/profiles/${profileId}`, { signal }),
    staleTime: 0,
  })

/** What limits do on a day; ask only with limits. */
export const previewQuery = (limits: ProfileApplication['limits'] | null, day: string) =>
  queryOptions({
    queryKey: ['profile-preview', day, limits],
    queryFn: ({ signal }) => ask(profileDay, '/profile-previews', { method: 'POST', body: { limits, day }, signal }),
    placeholderData: (before) => before,
  })

export const assessmentQuery = (profileId: string, revision: number) =>
  queryOptions({
    queryKey: ['profile', profileId, 'assessment', revision],
    queryFn: ({ signal }) => ask(assessment, `/profiles/${profileId}/assessment`, { signal }),
  })
