import type { AlarmKind, AlarmPriority } from '../../../schemas/grid/alarms.ts'

/** What an operator has to know about a kind of alarm (ISA-18.2 rationalisation). */
export interface AlarmGuide {
  /** Unless the raiser knows better. */
  priority: AlarmPriority
  cause: string
  /** What follows when nobody acts. */
  consequence: string
  action: string
}

export const alarmKinds: Record<AlarmKind, AlarmGuide> = {
  'limit-breach': {
    priority: 'high',
    cause: 'The customer imports more than the limit in force, or an FU more than its dispatch leaves it.',
    consequence: 'The network was not planned for this load: equipment may be overloaded.',
    action:
      'Open the connection, compare its load with the limit, and call the customer if it does not fall by itself.',
  },
  'communication-failure': {
    priority: 'medium',
    cause: 'The hub, its line, or its gateway has failed, or its power is off.',
    consequence: 'Compliance is unknown: a breach would not be seen.',
    action: 'Check the hub, its line and its gateway; until measurements are back compliance is unknown.',
  },
  'profile-expiring': {
    priority: 'low',
    cause: 'The last agreed profile of the connection ends soon and none follows.',
    consequence: 'On the day after, the fallback limit or the authorised supply capacity is in force.',
    action: 'Agree a new profile with the customer before this one ends.',
  },
  'profile-expired': {
    priority: 'high',
    cause: 'The last agreed profile of the connection has ended.',
    consequence: 'The customer may not know the limit that is in force now.',
    action: 'The fallback limit is in force: agree a new profile with the customer, or tell them to keep to it.',
  },
  'dispatch-not-sent': {
    priority: 'critical',
    cause: 'The FSP’s token endpoint or its API cannot be reached, or does not accept us.',
    consequence: 'The turn-down does not happen: the node may be overloaded in the period.',
    action: 'The FSP has no instruction: call it, or dispatch from reserve.',
  },
  'dispatch-refused': {
    priority: 'high',
    cause: 'The FSP answered that it will not follow, with its reason.',
    consequence: 'The turn-down does not happen: the node may be overloaded in the period.',
    action: 'Read the reason that the FSP gives, correct what is wrong, or dispatch from reserve.',
  },
  'dispatch-missed': {
    priority: 'critical',
    cause: 'No server ran the timetable at its time.',
    consequence: 'The turn-down does not happen: the node may be overloaded in the period.',
    action: 'Nothing was sent for this period and nothing will be: check the node, and dispatch from reserve.',
  },
  'limit-not-confirmed': {
    priority: 'high',
    cause: 'The FSP’s token endpoint or its API cannot be reached, or it refused an import limit.',
    consequence: 'When its last limit ends, the FSP falls to the fail-safe limit of its connections by itself.',
    action: 'Call the FSP; if the connection is in breach, see that its load comes down.',
  },
  'under-delivery': {
    priority: 'medium',
    cause: 'Fewer vehicles than forecast, failed charge points, or an FSP that does not follow.',
    consequence: 'The node has less relief than was bought, and the FSP is paid less.',
    action: 'Ask the FSP why the turn-down falls short, and check whether the node needs more.',
  },
  'clock-drift': {
    priority: 'low',
    cause: 'The hub does not accept time synchronisation, or its oscillator is failing.',
    consequence: 'Its events carry wrong times, which mislead those who read them later.',
    action: 'Check the time synchronisation of the hub; its own time stamps are not used while they are ahead.',
  },
  'measurements-refused': {
    priority: 'critical',
    cause: 'The gateway could not deliver for so long that its spool is full, or its disk has no room.',
    consequence: 'The newest measurements of its hubs are lost, but for events that wait in the hubs.',
    action: 'Find out why the gateway cannot deliver; give its spool more room if that will take long.',
  },
  'certificate-expiring': {
    priority: 'low',
    cause: 'A certificate is valid for a limited time and has not been renewed.',
    consequence: 'On the day after, no hub that is spoken to by TLS is read any more: verification stays on.',
    action: 'Have a new certificate issued and put it in the place of the old one: it is taken without a restart.',
  },
  'feed-stale': {
    priority: 'medium',
    cause: 'The supplier of the feed, or the line to it, has stopped.',
    consequence: 'What is computed from the feed is out of date.',
    action: 'Ask the owner of the feed; until it is back its readers fall back and say so.',
  },
  'feed-failed': {
    priority: 'high',
    cause: 'A delivery of the feed could not be read or stored.',
    consequence: 'Its records are kept aside, but nothing uses them.',
    action: 'Open the feed, read why the delivery was refused, and have it sent again.',
  },
  'feed-drift': {
    priority: 'high',
    cause: 'The supplier has changed the format without notice.',
    consequence: 'Records that no longer fit are kept aside, but nothing uses them.',
    action: 'Open the feed, compare the offending record with the last good one, and agree the format anew.',
  },
}
