import { queryOptions } from '@tanstack/react-query'
import { operations } from '../../schemas/operations.ts'
import { api } from '../shared/api/client.ts'

/** Every setting with the figures in force. */
export const settingsQuery = queryOptions({
  queryKey: ['settings'],
  queryFn: ({ signal }) => api.all(operations.listSettings, {}, { signal }),
  meta: { topics: ['settings'] },
})

/** Every version of a setting, newest first. */
export const settingVersionsQuery = (settingId: string) =>
  queryOptions({
    queryKey: ['settings', settingId, 'versions'],
    queryFn: ({ signal }) => api.all(operations.listSettingVersions, { params: { settingId } }, { signal }),
    meta: { topics: ['settings'] },
  })
