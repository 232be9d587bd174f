import type { z } from 'zod'
import { type PlanAssetKind, planAssetForm } from '../../../../../schemas/planning/sites/assets.ts'

/** Assets that have a form of their own; a plan is put together on its pages. */
export type FormKind = Exclude<PlanAssetKind, 'scenario'>

/** What a member of an asset is called, and what a reader who does not know the trade needs to fill it in. */
export interface MemberWords {
  label: string
  unit?: string
  /** Always shown below the field. */
  hint?: string
  /** Behind the button beside the field. */
  more?: string
  /** Where the contract alone does not say how it is entered. */
  input?: 'time' | 'days' | 'bands' | 'ev-type' | 'charge-point-type'
  options?: Readonly<Record<string, string>>
}

const money = { unit: '£' } as const

const evType: Record<string, MemberWords> = {
  usableKwh: {
    label: 'Battery',
    unit: 'kWh',
    hint: 'The usable energy of a full battery, as the maker states it.',
    more: 'A kilowatt-hour (kWh) is the energy that something of 1 kW takes in an hour. Small vans have about 45 kWh, large ones 60 to 90.',
  },
  kwhPerMile: {
    label: 'Energy for a mile',
    unit: 'kWh',
    hint: 'At the charge point, with the losses of charging. About 0.3 for a car, 0.5 for a large van.',
    more: 'Take the winter figure if you know it: cold weather and heating use more. A maker’s figure in miles per kWh is turned round: 2.5 miles per kWh are 0.4 kWh for a mile.',
  },
  acKw: {
    label: 'Charges at most with',
    unit: 'kW',
    hint: 'At an ordinary (AC) charge point: often 7.4 or 11 kW.',
    more: 'The vehicle and the charge point each have a limit; the lower one counts.',
  },
  dcKw: {
    label: 'Charges at rapid charge points with',
    unit: 'kW',
    hint: 'Leave it empty if it has no rapid (DC) charging.',
    more: 'Rapid charge points give direct current (DC). Plans use them only when that is switched on among the options.',
  },
  purchaseGbp: { label: 'Price of a vehicle', ...money, hint: '0 if you do not want to compare costs.' },
  maintenanceGbpPerYear: { label: 'Maintenance in a year', ...money, hint: 'For each vehicle.' },
}

const chargePointType: Record<string, MemberWords> = {
  current: {
    label: 'Kind',
    options: { ac: 'Ordinary (AC)', dc: 'Rapid (DC)' },
    hint: 'Vehicles that stand overnight need ordinary ones.',
    more: 'AC charge points give alternating current, as a wall socket does, and the vehicle turns it into direct current. DC charge points do that themselves: faster, and much dearer.',
  },
  kw: {
    label: 'Power of a socket',
    unit: 'kW',
    hint: 'The most that each socket gives: often 7.4, 11 or 22 kW.',
    more: 'At 7.4 kW a battery of 60 kWh is full in about eight hours.',
  },
  socketsEach: { label: 'Sockets of a charge point', hint: 'How many vehicles can plug in to one at once.' },
  purchaseGbp: { label: 'Price of a charge point', ...money, hint: '0 if you do not want to compare costs.' },
  installationGbp: { label: 'Installation of a charge point', ...money, hint: 'Groundwork and cabling, shared out.' },
  maintenanceGbpPerYear: { label: 'Maintenance in a year', ...money, hint: 'For each charge point.' },
  spaceM2: {
    label: 'Space of a charge point',
    unit: 'm²',
    hint: 'With its parking bays; 0 if space does not matter.',
    more: 'A bay for a van takes about 14 m². The result says if all of them do not fit into the space of the site.',
  },
}

const group: Record<string, MemberWords> = {
  count: { label: 'Vehicles', hint: 'How many do the same round.' },
  evTypeId: { label: 'Type of vehicle', input: 'ev-type' },
  days: { label: 'Days of work', input: 'days', hint: 'On the other days they stay at the site.' },
  leaves: { label: 'Leave the site at', input: 'time', hint: 'The earliest usual time: until then they can charge.' },
  returns: {
    label: 'Are back at',
    input: 'time',
    hint: 'The latest usual time. At or before the departure means: on the next day.',
  },
  milesPerDay: {
    label: 'Miles in a day',
    unit: 'miles',
    hint: 'Of each vehicle, on its longest usual day.',
    more: 'The plan names journeys that cannot be made on one charge, with the miles that can. A fifth of the battery always stays in reserve.',
  },
  chargePointTypeId: { label: 'Charge points that they use', input: 'charge-point-type' },
}

const site: Record<string, MemberWords> = {
  ascKva: {
    label: 'Agreed capacity',
    unit: 'kVA',
    hint: 'On the electricity bill, often as “available capacity” or “ASC”. Leave it empty if you do not know it.',
    more: 'The most that the site may take from the network by its connection agreement. A kVA is nearly a kW: multiply by the power factor to get kW. Without it the plan says what is needed, and not whether you have it.',
  },
  assumedPeakKw: {
    label: 'Highest load today',
    unit: 'kW',
    hint: 'Without vehicles. Needed only where you have no meter readings to upload below.',
    more: 'Some bills state it as “maximum demand”. It then counts at all times, day and night, which is cautious.',
  },
  kwhPerYear: {
    label: 'Use in a year',
    unit: 'kWh',
    hint: 'From the bills of a year. Needed only where you know neither of the above.',
    more: 'Twice the average then counts at all times. A real peak can be higher, so get readings before you decide.',
  },
  powerFactor: {
    label: 'Power factor',
    hint: '0.95 is usual. Change it only if your bill states another.',
    more: 'The share of the apparent power (kVA) that does work (kW). Motors and old lighting lower it.',
  },
  spaceM2: { label: 'Space for charge points', unit: 'm²', hint: 'Leave it empty if there is enough.' },
}

const tariff: Record<string, MemberWords> = {
  pencePerKwh: {
    label: 'Price of electricity',
    unit: 'p/kWh',
    hint: 'The unit rate of your bill, by day if there are two.',
  },
  bands: {
    label: 'Other prices at some times',
    input: 'bands',
    hint: 'Such as a cheaper night. Smart charging makes use of it.',
  },
  capacityPencePerKvaDay: {
    label: 'Charge for capacity',
    unit: 'p/kVA a day',
    hint: 'On the bill as “capacity” or “availability” charge; 0 if you do not know it.',
  },
}

const costs: Record<string, MemberWords> = {
  years: { label: 'Years to compare', hint: 'As long as the charge points are to last; 10 is usual.' },
  discountPercent: {
    label: 'Discount rate',
    unit: '%',
    hint: 'What money costs you in a year; 0 counts later pounds as much as those of today.',
    more: 'With 3.5 %, a pound that is spent in a year counts as 97 pence today. Your finance department has a figure.',
  },
  connectionFixedGbp: {
    label: 'A larger connection, in any case',
    ...money,
    hint: 'What more capacity costs however much it is: survey, cable. The network operator quotes it.',
  },
  connectionGbpPerKva: { label: 'A larger connection, for each kVA', ...money, hint: 'Beyond the agreed capacity.' },
  presentGbpPerYear: {
    label: 'What the present fleet costs in a year',
    ...money,
    hint: 'Fuel and maintenance, to see what electric vehicles save. Leave it empty if you do not want to compare.',
  },
}

/** The members of each kind in the order in which they are asked for. */
export const members: Record<FormKind, Readonly<Record<string, MemberWords>>> = {
  'ev-type': evType,
  'charge-point-type': chargePointType,
  group,
  site,
  tariff,
  costs,
}

/** What a new one begins with: typical figures, to be replaced by one's own. */
export const starts: Record<FormKind, { name: string; content: Readonly<Record<string, unknown>> }> = {
  'ev-type': {
    name: 'Van',
    content: { usableKwh: 60, kwhPerMile: 0.45, acKw: 7.4, dcKw: null, purchaseGbp: '0', maintenanceGbpPerYear: '0' },
  },
  'charge-point-type': {
    name: 'Wall box, 7.4 kW',
    content: {
      current: 'ac',
      kw: 7.4,
      socketsEach: 1,
      purchaseGbp: '0',
      installationGbp: '0',
      maintenanceGbpPerYear: '0',
      spaceM2: 0,
    },
  },
  group: {
    name: '',
    content: {
      count: 1,
      evTypeId: '',
      days: [0, 1, 2, 3, 4],
      leaves: '07:00',
      returns: '17:00',
      milesPerDay: 40,
      chargePointTypeId: '',
    },
  },
  site: {
    name: '',
    content: { ascKva: null, assumedPeakKw: null, kwhPerYear: null, powerFactor: 0.95, spaceM2: null },
  },
  tariff: { name: 'Tariff', content: { pencePerKwh: 28, bands: [], capacityPencePerKvaDay: 0 } },
  costs: {
    name: 'Costs',
    content: {
      years: 10,
      discountPercent: 0,
      connectionFixedGbp: '0',
      connectionGbpPerKva: '0',
      presentGbpPerYear: null,
    },
  },
}

/** The contract of what an asset of a kind holds. */
export function contractOf(kind: FormKind): z.ZodObject {
  const option = planAssetForm.options.find(({ shape }) => shape.kind.value === kind)
  if (!option) throw new Error(`no asset is of the kind ${kind}`)
  return option.shape.content
}
