import type { AlarmKind, AlarmPriority } from '../../../schemas/grid/alarms.ts'

/** What an operator needs to know about a kind of alarm (ISA-18.2 rationalisation). */
export interface AlarmGuide {
  /** The default; whatever raises the alarm may set another. */
  priority: AlarmPriority
  cause: string
  /** What happens if nobody acts. */
  consequence: string
  action: string
}

export const alarmKinds: Record<AlarmKind, AlarmGuide> = {
  'limit-breach': {
    priority: 'high',
    cause: 'The customer imports more than the limit in force, or an FU more than its dispatch allows.',
    consequence: 'The network was not planned for this load: equipment may be overloaded.',
    action:
      'Open the connection, compare its load with the limit, and call the customer if the load does not fall by itself.',
  },
  'export-breach': {
    priority: 'high',
    cause: 'The customer exports more than its authorised export capacity.',
    consequence: 'The network was not planned for this reverse power: voltage may rise, and equipment be overloaded.',
    action:
      'Open the connection, compare its export with the limit, and call the customer if its generation or battery does not follow.',
  },
  'communication-failure': {
    priority: 'medium',
    cause: 'The hub, its line or its gateway has failed, or its power is off.',
    consequence: 'Compliance is unknown: a breach would go unnoticed.',
    action: 'Check the hub, its line and its gateway. Compliance stays unknown until measurements resume.',
  },
  'profile-expiring': {
    priority: 'low',
    cause: 'The last agreed profile of the connection ends soon, and no other follows it.',
    consequence: 'From the next day, the fallback limit or the authorised supply capacity is in force.',
    action: 'Agree a new profile with the customer before this one ends.',
  },
  'profile-expired': {
    priority: 'high',
    cause: 'The last agreed profile of the connection has ended.',
    consequence: 'The customer may not know the limit that is in force now.',
    action:
      'The fallback limit is in force: agree a new profile with the customer, or tell them to stay within the fallback limit.',
  },
  'dispatch-not-sent': {
    priority: 'critical',
    cause: 'The FSP’s token endpoint or API is unreachable, or rejects our credentials.',
    consequence: 'The turn-down does not happen: the node may be overloaded in the period.',
    action: 'The FSP has not received the instruction: call the FSP, or dispatch from reserve.',
  },
  'dispatch-refused': {
    priority: 'high',
    cause: 'The FSP refused the instruction and gave a reason.',
    consequence: 'The turn-down does not happen: the node may be overloaded in the period.',
    action: 'Read the FSP’s reason and correct what is wrong, or dispatch from reserve.',
  },
  'dispatch-missed': {
    priority: 'critical',
    cause: 'No server was running the timetable when it was due.',
    consequence: 'The turn-down does not happen: the node may be overloaded in the period.',
    action: 'Nothing was sent for this period, and nothing will be: check the node, and dispatch from reserve.',
  },
  'limit-not-confirmed': {
    priority: 'high',
    cause: 'The FSP’s token endpoint or API is unreachable, or the FSP refused an import limit.',
    consequence: 'When its last limit ends, the FSP applies the fail-safe limits of its connections by itself.',
    action: 'Call the FSP. If the connection is in breach, make sure that its load comes down.',
  },
  'under-delivery': {
    priority: 'medium',
    cause: 'Fewer vehicles than forecast, failed charge points, or an FSP that does not follow.',
    consequence: 'The node gets less relief than was bought, and the FSP is paid less.',
    action: 'Ask the FSP why the turn-down falls short, and check whether the node needs more relief.',
  },
  'delivery-short': {
    priority: 'high',
    cause: 'Fewer vehicles than forecast, failed charge points, or an FSP that does not follow, as measured.',
    consequence: 'The node gets less relief than was instructed for as long as the instruction runs.',
    action:
      'Open Dispatch, see what other FUs offer for the missing W and issue it if the node needs it; then call the FSP.',
  },
  'delivery-not-seen': {
    priority: 'medium',
    cause:
      'The FSP sends no live readings, the hub is silent, or nobody has stated what the FU would import otherwise.',
    consequence: 'Nobody can tell whether the node gets the relief that was instructed.',
    action:
      'Look at the load of the node. If it stays high, issue reserve as if nothing were delivered; ask the FSP for its readings.',
  },
  'clock-drift': {
    priority: 'low',
    cause: 'The hub does not accept time synchronisation, or its oscillator is failing.',
    consequence: 'Its events carry wrong times, which mislead anyone who reads them later.',
    action: 'Check the time synchronisation of the hub. Its own time stamps are ignored while they are ahead.',
  },
  'measurements-refused': {
    priority: 'critical',
    cause: 'The gateway has been unable to deliver for so long that its spool or its disk is full.',
    consequence: 'The newest measurements of its hubs are lost, except for events still buffered in the hubs.',
    action: 'Find out why the gateway cannot deliver. Enlarge its spool if that will take long.',
  },
  'certificate-expiring': {
    priority: 'low',
    cause: 'A certificate is valid for a limited time and has not been renewed.',
    consequence: 'After the certificate expires, hubs connected over TLS can no longer be read: verification stays on.',
    action: 'Have a new certificate issued and replace the old one with it. No restart is needed.',
  },
  'feed-stale': {
    priority: 'medium',
    cause: 'The supplier of the feed or the line to it has failed.',
    consequence: 'What is computed from the feed is out of date.',
    action: 'Ask the owner of the feed. Until the feed is back, its readers use fallback data and say so.',
  },
  'feed-failed': {
    priority: 'high',
    cause: 'A delivery of the feed could not be read or stored.',
    consequence: 'Its records are kept, but nothing uses them.',
    action: 'Open the feed, read why the delivery was refused, and ask for it to be sent again.',
  },
  'feed-drift': {
    priority: 'high',
    cause: 'The supplier has changed the format without notice.',
    consequence: 'Records that no longer fit are kept, but nothing uses them.',
    action: 'Open the feed, compare the offending record with the last good one, and agree the new format.',
  },
  'hub-fault': {
    priority: 'medium',
    cause: 'The hub reports by its status point that it is not well.',
    consequence: 'Its measurements may be wrong or stop.',
    action: 'Read the events of the hub, and have it looked at.',
  },
  'hub-hot': {
    priority: 'low',
    cause: 'The cabinet is too warm: its fan has failed, the sun is on it, or equipment in it is overloaded.',
    consequence: 'The hub ages fast and may fail.',
    action: 'Compare the load of its feeders with other days, and have the cabinet looked at.',
  },
  'over-voltage': {
    priority: 'medium',
    cause: 'Generation on the feeder, a tap position, or a lost neutral.',
    consequence: 'Customers’ equipment may be damaged, and the supply is outside what the law allows.',
    action:
      'Compare the phases: one high and one low is a lost neutral, which cannot wait. Otherwise check the tap position.',
  },
  'under-voltage': {
    priority: 'medium',
    cause: 'A heavy load on the feeder, a tap position, or a bad joint.',
    consequence: 'Customers’ equipment may stop, and the supply is outside what the law allows.',
    action: 'Compare the voltage with the load of the feeder, and consider a turn-down behind the node.',
  },
  'phase-loss': {
    priority: 'high',
    cause: 'A fuse has blown, a conductor has broken, or the hub has lost its voltage connection.',
    consequence: 'Customers on the phase have no supply, and motors on three phases overheat.',
    action: 'Check whether the current of the phase is gone too: then send somebody to the fuse.',
  },
  'load-difference': {
    priority: 'low',
    cause:
      'A sensor is on the wrong cable, turned round, loose or of another ratio, a feeder is missing from one of the two, or a clock is wrong.',
    consequence: 'One of the two loads is wrong: compliance, headroom and settlement may be too.',
    action:
      'Compare the half-hours of the hub with those of the customer’s monitor on the connection’s page, and read the hub’s installation record.',
  },
  'experiment-halted': {
    priority: 'medium',
    cause:
      'The halt rule of an experiment is met: too many breaches or failed instructions, or required data are missing.',
    consequence: 'Its depots go on as they are switched, and its days no longer count.',
    action:
      'Open the experiment and read why. Set its switches back if its depots are at risk; resume it once that is mended, or end it.',
  },
}
