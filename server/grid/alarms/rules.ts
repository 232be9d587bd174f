import { type AlarmPriority, type AlarmState, alarmPriority } from '../../../schemas/grid/alarms.ts'

/** What can happen to an alarm. `escalate`: raised again with a higher priority, so that the person who acknowledged it looks again. */
export type AlarmEvent = 'raise' | 'escalate' | 'clear' | 'acknowledge'

/**
 * ISA-18.2 without shelving:
 *
 *     raise → unacknowledged ──acknowledge─→ acknowledged
 *                 │    ▲                         │
 *               clear  raise                   clear
 *                 ▼    │                         ▼
 *      cleared-unacknowledged ──acknowledge─→ closed
 *
 * A closed alarm stays as it is; what raises it opens another. Where the state stays the same, nothing has changed.
 */
export const alarmTransitions: Record<AlarmState, Record<AlarmEvent, AlarmState>> = {
  unacknowledged: {
    raise: 'unacknowledged',
    escalate: 'unacknowledged',
    clear: 'cleared-unacknowledged',
    acknowledge: 'acknowledged',
  },
  acknowledged: {
    raise: 'acknowledged',
    escalate: 'unacknowledged',
    clear: 'closed',
    acknowledge: 'acknowledged',
  },
  'cleared-unacknowledged': {
    raise: 'unacknowledged',
    escalate: 'unacknowledged',
    clear: 'cleared-unacknowledged',
    acknowledge: 'closed',
  },
  closed: { raise: 'closed', escalate: 'closed', clear: 'closed', acknowledge: 'closed' },
}

/** Priorities from the most urgent down. */
export const priorities: readonly AlarmPriority[] = alarmPriority.options

/** What raising means for an alarm that is open with `present` priority. */
export function raiseEvent(present: AlarmPriority, wanted: AlarmPriority): 'raise' | 'escalate' {
  return priorities.indexOf(wanted) < priorities.indexOf(present) ? 'escalate' : 'raise'
}
