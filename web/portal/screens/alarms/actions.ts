import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type Alarm, alarm } from '../../../../schemas/grid/alarms.ts'
import { ask } from '../../../shared/api/client.ts'

/** Whether an alarm waits for somebody to say that it was seen. */
export function needsAcknowledgement({ state }: Alarm): boolean {
  return state === 'unacknowledged' || state === 'cleared-unacknowledged'
}

/** A change of one alarm, after which every list of alarms is asked for anew. */
export function useAlarmAction<T>(call: (given: T) => Parameters<typeof ask>[2] & { path: string }) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (given: T) => {
      const { path, ...options } = call(given)
      return ask(alarm, path, options)
    },
    onSettled: () => queries.invalidateQueries({ predicate: ({ meta }) => meta?.topics?.includes('alarms') ?? false }),
  })
}

export function useAcknowledge() {
  return useAlarmAction((alarmId: string) => ({ path: `/alarms/${alarmId}/acknowledgement`, method: 'POST' as const }))
}
