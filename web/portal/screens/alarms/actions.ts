import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Alarm } from '../../../../schemas/grid/alarms.ts'
import { operations } from '../../../../schemas/operations.ts'
import { api } from '../../../shared/api/client.ts'

/** Whether an alarm waits for somebody to say that it was seen. */
export function needsAcknowledgement({ state }: Alarm): boolean {
  return state === 'unacknowledged' || state === 'cleared-unacknowledged'
}

/** A change of one alarm, after which every list of alarms is asked for anew. */
export function useAlarmAction<T>(act: (given: T) => Promise<Alarm>) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: act,
    onSettled: () => queries.invalidateQueries({ predicate: ({ meta }) => meta?.topics?.includes('alarms') ?? false }),
  })
}

export function useAcknowledge() {
  return useAlarmAction((id: string) => api.call(operations.acknowledgeAlarm, { params: { id } }))
}
