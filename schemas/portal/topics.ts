/** What news are about: the view that has changed. A list of its own, which a browser can have without any contract. */
export const topics = [
  'telemetry',
  'alarms',
  'dispatch',
  'settlement',
  'market',
  'network',
  'planning',
  'proposals',
  'settings',
] as const
