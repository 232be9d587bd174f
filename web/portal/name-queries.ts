import { queryOptions } from '@tanstack/react-query'
import { operations } from '../../schemas/operations.ts'
import type { NamedKind } from '../../schemas/portal/portal.ts'
import { api } from '../shared/api/client.ts'

/** The names of things of one kind; a thing that is gone has none. */
export const namesQuery = (kind: NamedKind, ids: readonly string[]) =>
  queryOptions({
    queryKey: ['names', kind, ids],
    queryFn: async ({ signal }) =>
      (await api.call(operations.nameThings, { query: { kind, ids: ids.join(',') } }, { signal })).names,
    // People look for what was done, not for what things are called since a minute ago.
    staleTime: 60_000,
  })
