import { queryOptions, skipToken } from '@tanstack/react-query'
import type { ProfileApplication } from '../../../schemas/grid/profiles.ts'
import { operations } from '../../../schemas/operations.ts'
import { api } from '../api/client.ts'

/** What limits of a connection do on a day; waits while there are none to show. */
export const previewQuery = (limits: ProfileApplication['limits'] | null, day: string, connectionId: string) =>
  queryOptions({
    queryKey: ['profile-preview', connectionId, day, limits],
    queryFn: limits
      ? ({ signal }) => api.call(operations.previewProfile, { body: { limits, day, connectionId } }, { signal })
      : skipToken,
    placeholderData: (before) => before,
  })
