import type { AlarmState } from '../../schemas/grid/alarms.ts'

/**
 * What can happen to an alarm. `escalate`: raised again with a higher priority, so the person who acknowledged it has to look again.
 * `ease`: with a lower one, which is shown and asks for nothing.
 */
export type AlarmEvent = 'raise' | 'escalate' | 'ease' | 'clear' | 'acknowledge'

/**
 * ISA-18.2 without shelving:
 *
 *     raise → unacknowledged ──acknowledge─→ acknowledged
 *                 │    ▲                         │
 *               clear  raise                   clear
 *                 ▼    │                         ▼
 *      cleared-unacknowledged ──acknowledge─→ closed
 *
 * A closed alarm stays closed; raising it again opens a new one. Where the state stays the same, nothing changes.
 */
export const alarmTransitions: Record<AlarmState, Record<AlarmEvent, AlarmState>> = {
  unacknowledged: {
    raise: 'unacknowledged',
    escalate: 'unacknowledged',
    ease: 'unacknowledged',
    clear: 'cleared-unacknowledged',
    acknowledge: 'acknowledged',
  },
  acknowledged: {
    raise: 'acknowledged',
    escalate: 'unacknowledged',
    ease: 'acknowledged',
    clear: 'closed',
    acknowledge: 'acknowledged',
  },
  'cleared-unacknowledged': {
    raise: 'unacknowledged',
    escalate: 'unacknowledged',
    ease: 'unacknowledged',
    clear: 'cleared-unacknowledged',
    acknowledge: 'closed',
  },
  closed: { raise: 'closed', escalate: 'closed', ease: 'closed', clear: 'closed', acknowledge: 'closed' },
}

/** What raising does to an open alarm. @param present how urgent it is, 0 the most. @param wanted how urgent it is raised. */
export function raiseEvent(present: number, wanted: number): 'raise' | 'escalate' | 'ease' {
  return wanted < present ? 'escalate' : wanted > present ? 'ease' : 'raise'
}
