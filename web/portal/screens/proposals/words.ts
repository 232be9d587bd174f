import { figureWords } from '../settings/figures.ts'

/** What the members of proposals are called, by their names in the API. */
const words: Readonly<Record<string, string>> = {
  aheadMinutes: 'Minutes ahead',
  address: 'Address',
  ascKva: 'Agreed supply capacity, kVA',
  at: 'Time',
  availability: 'Availability schedule',
  availabilityGbpPerMwH: 'Availability, £/MW/h',
  baseline: 'Baseline schedule',
  baselineFallback: 'Baseline where the method has too little data',
  baselineMethod: 'Baseline method',
  baselineMethods: 'Baseline methods',
  connectionId: 'Connection',
  contactEmail: 'Contact address',
  controlBaseUrl: 'Address of its control API',
  controlTokenEndpoint: 'Address of its token endpoint',
  cost: 'Cost schedule',
  customer: 'Customer',
  daysAhead: 'Days ahead',
  daysBefore: 'Days before',
  deadBand: 'Dead band',
  derId: 'DER behind the meter',
  deviation: 'Deviation schedule',
  dialsIn: 'Hub calls the gateway',
  direction: 'Direction',
  dispatchEmail: 'E-mail address for instructions',
  dispatchRoute: 'Instructions are sent by',
  exportKva: 'Agreed export capacity, kVA',
  feeder: 'Feeder',
  feeders: 'Feeders',
  floorRatio: 'Nothing is paid up to this share of delivery',
  floorW: 'Floor, W',
  from: 'From',
  fromRatio: 'Nothing is paid up to this share of delivery',
  fuId: 'Flexible unit',
  gatewayId: 'Gateway',
  gates: 'Gates',
  graceRatio: 'Full payment from this share of delivery',
  graceSeconds: 'Grace, s',
  group: 'DNP3 group',
  host: 'Host',
  inDayAdjustment: 'Adjustment of the baseline in the day',
  inForceFrom: 'In force from',
  index: 'DNP3 index',
  integrityPollS: 'Integrity poll, s',
  isOn: 'Dynamic limits',
  isOptimised: 'Optimised',
  kind: 'Kind',
  leaseSeconds: 'Lease, s',
  licenceArea: 'Licence area',
  localAddress: 'DNP3 address of the gateway',
  meterResolutionWh: 'Resolution of the meter, Wh',
  minutesBeforeDispatch: 'Minutes before dispatch',
  missingMeterData: 'Missing meter data',
  mpans: 'MPANs',
  name: 'Name',
  nodeId: 'Node',
  noticeMinutes: 'Notice, minutes',
  optimiserSeconds: 'Time for the optimiser, s',
  paymentScheme: 'Payment scheme',
  paysAvailability: 'Pays availability',
  paysUtilisation: 'Pays utilisation',
  penaltyGbpPerMwh: 'Penalty, £/MWh',
  periodMinutes: 'Period, minutes',
  phase: 'Phase',
  pointMapName: 'Point map',
  pointOverrides: 'Points of its own',
  points: 'Points',
  pool: 'Pool of gateways',
  port: 'Port',
  powerFactor: 'Power factor',
  priceRule: 'Price rule',
  product: 'Product',
  quantity: 'Quantity',
  reason: 'Reason',
  reasons: 'Why it was held',
  reference: 'Agreement',
  referenceWPerDer: 'Reference of each DER, W',
  remoteAddress: 'DNP3 address of the hub',
  rhythm: 'Rhythm',
  role: 'Role',
  scale: 'Scale',
  scheduleAccuracy: 'Accuracy of schedules',
  scheme: 'Payment scheme',
  servesOthers: 'Serves others at the same time',
  settings: 'Timetable',
  slope: 'Points off for each point of delivery that is missing',
  state: 'State',
  status: 'Status',
  timeoutS: 'Time-out, s',
  tlsName: 'Name in its certificate',
  to: 'To',
  topNodeId: 'Highest node that is looked at',
  toRatio: 'Full payment from this share of delivery',
  turnDownW: 'Turn-down, W',
  unselected: 'Where nobody selects a schedule',
  until: 'Until',
  utilisationGbpPerMwh: 'Utilisation, £/MWh',
  validFrom: 'First day',
  validTo: 'Last day',
  value: 'Value',
  weekdays: 'Days of the week',
  window: 'Window',
  windows: 'Windows',
}

/** A member of a list, `[3]`, or a name between dots. */
const steps = /\[(\d+)\]|([^.[\]]+)/g

/** Names that the server makes of values: a feeder, or a point by its DNP3 group and index. */
const isSpoken = (name: string) => name.includes(' ')

/** The field of a change in words: `windows[0].from` is `Windows, no. 1, From`. A name that the table lacks is taken apart into its words. */
export function changeWords(operation: string, field: string): string {
  // The fields of a customer's sites are their names, which may have dots in them.
  if (operation === 'saveCustomerSites') return field
  const inWords = [...field.matchAll(steps)].map(([, place, name = '']) => {
    if (place !== undefined) return `no. ${Number(place) + 1}`
    if (isSpoken(name)) return name
    return operation === 'changeSetting' ? figureWords(name) : (words[name] ?? figureWords(name))
  })
  return inWords.join(', ')
}

/** Whether a member has words of its own. */
export function hasWords(name: string): boolean {
  return name in words || isSpoken(name)
}
