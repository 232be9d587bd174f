import type { DepotAlarmKind, DepotAlarmSettingForm } from '../../schemas/fsp/alarms.ts'

/** What people need to know of a kind of alarm (ISA-18.2 rationalisation), and how it is watched until a depot says otherwise. */
export interface AlarmGuide {
  consequence: string
  action: string
  setting: Omit<DepotAlarmSettingForm, 'responsible'>
}

const silence = (amberS: number | null, redS: number) => ({ isOn: true, amberS, redS, onDelayS: 0, offDelayS: 0 })
/** A cause that is there or not: the delays keep out what mends itself within them. */
const cause = (onDelayS: number, offDelayS: number) => ({ isOn: true, amberS: null, redS: null, onDelayS, offDelayS })

/** The thresholds are the trial's (report, section 9.2.5): 60 s; 3 and 5 min; 7 and 10 min; any ingestion that fails, at once. */
export const alarmKinds: Readonly<Record<DepotAlarmKind, AlarmGuide>> = {
  'charge-point-silent': {
    consequence: 'What it draws is unknown: it counts with its standing limit, and its vehicle may not charge.',
    action:
      'See whether the others of its make or depot are silent too: then it is the line. Otherwise go to the socket.',
    setting: silence(null, 60),
  },
  'soc-stale': {
    consequence: 'Its state of charge is estimated from what it has drawn, and its priority with it.',
    action: 'Ask the telematics provider, if others of its type are silent too; otherwise look at the vehicle’s unit.',
    setting: silence(180, 300),
  },
  'site-load-stale': {
    consequence: 'The building is assumed to draw its most: vehicles get less than there is.',
    action: 'Ask the supplier of the meter or clamps; look at the bridge on site.',
    setting: silence(420, 600),
  },
  'feed-stale': {
    consequence: 'What is computed from the feed is out of date.',
    action: 'Ask the provider of the feed.',
    setting: cause(0, 0),
  },
  'ingestion-failed': {
    consequence: 'Nothing of it is used until it succeeds; what a feed brought is kept.',
    action:
      'Of a feed: open it, read why, fix it or ask the provider, and run it again. Of charge points: read the log, and look at the line to the depot.',
    setting: cause(0, 0),
  },
  'feed-drift': {
    consequence: 'The records that no longer fit wait in quarantine.',
    action: 'Compare the offending record with the last good one, agree the new form, and replay the file.',
    setting: cause(0, 0),
  },
  'under-delivery': {
    consequence: 'The DNO gets less relief than it was promised, and pays less.',
    action: 'Look for sockets that do not follow their set points, and report the shortfall to the DNO.',
    setting: cause(180, 60),
  },
  'foreign-limit': {
    consequence: 'The socket follows somebody else: our set points have no effect there.',
    action: 'Ask the operator of its back office who has set a limit, and have it taken away.',
    setting: cause(120, 120),
  },
  'unknown-vehicle': {
    consequence: 'It charges with the default priority, whatever it needs.',
    action: 'Find out whose vehicle it is, and register its token.',
    setting: cause(120, 0),
  },
  'emergency-off': {
    consequence: 'Every socket keeps the standing limit; nothing is optimised, and no turn-down is delivered.',
    action: 'End the emergency when its cause is gone.',
    setting: cause(0, 0),
  },
  'set-point-refused': {
    consequence: 'The socket keeps an earlier limit or its standing one.',
    action: 'Read what it answered; look at its firmware and at its back office.',
    setting: cause(120, 120),
  },
}
