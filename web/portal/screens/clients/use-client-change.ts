import { useMutation, useQueryClient } from '@tanstack/react-query'
import { clientsQuery } from '../../account-queries.ts'

/** A change of a client, after which the list is read again. */
export function useClientChange<Given, Answer>(change: (given: Given) => Promise<Answer>) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSettled: () => queries.invalidateQueries({ queryKey: clientsQuery.queryKey }),
  })
}
