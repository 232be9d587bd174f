import type { AlarmKind, AlarmPriority } from '../../../schemas/alarms.ts'

/** Priority of each kind of alarm unless the raiser knows better, and what the operator should do (ISA-18.2 rationalisation). */
export const alarmKinds: Record<AlarmKind, { priority: AlarmPriority; action: string }> = {
  'limit-breach': {
    priority: 'high',
    action:
      'Open the connection, compare its load with the limit, and call the customer if it does not fall by itself.',
  },
  'communication-failure': {
    priority: 'medium',
    action: 'Check the hub, its line and its gateway; until measurements are back compliance is unknown.',
  },
  'profile-expiring': {
    priority: 'low',
    action: 'Agree a new profile with the customer before this one ends.',
  },
  'profile-expired': {
    priority: 'high',
    action: 'The fallback limit is in force: agree a new profile with the customer, or tell them to keep to it.',
  },
  'dispatch-not-sent': {
    priority: 'critical',
    action: 'The FSP has no instruction: call it, or dispatch from reserve.',
  },
  'dispatch-refused': {
    priority: 'high',
    action: 'Read the reason that the FSP gives, correct what is wrong, or dispatch from reserve.',
  },
  'dispatch-missed': {
    priority: 'critical',
    action: 'Nothing was sent for this period and nothing will be: check the node, and dispatch from reserve.',
  },
  'under-delivery': {
    priority: 'medium',
    action: 'Ask the FSP why the turn-down falls short, and check whether the node needs more.',
  },
  'clock-drift': {
    priority: 'low',
    action: 'Check the time synchronisation of the hub; its own time stamps are not used while they are ahead.',
  },
}
