import { z } from 'zod'
import { limitStep } from '../../grid/profiles.ts'

const name = z.string().trim().min(1).max(100)
const gbp = z
  .string()
  .regex(/^\d{1,9}(\.\d{1,2})?$/, 'must be an amount in £ such as "1250.00"')
  .meta({ example: '1250.00' })
const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as 06:30')
const pence = z.number().min(0).max(1_000)
/** Half-hours of a week from Monday 00:00, kW. */
const weekKw = z.array(z.number().min(-1e6).max(1e6)).length(336)
const loadKw = z.array(z.number().min(0).max(1e6)).length(336)
/** A time at which a half-hour begins or ends. */
const halfHour = z.string().regex(/^([01]\d|2[0-3]):(00|30)$/, 'must be a half-hour of the day such as 06:30')
const halfHourEnd = z
  .string()
  .regex(/^([01]\d|2[0-3]):(00|30)$|^24:00$/, 'must be a half-hour of the day such as 06:30, or 24:00')

/** A type of electric vehicle, as its maker states it. Energy is at the charge point: state the consumption with charging losses. */
export const evType = z.object({
  name,
  usableKwh: z.number().positive().max(2_000).describe('What the battery holds and gives, kWh.'),
  kwhPerMile: z
    .number()
    .positive()
    .max(10)
    .describe('Energy drawn at the charge point for a mile, with the losses of charging, kWh.'),
  acKw: z.number().positive().max(100).describe('The most that it draws from an AC charge point, kW.'),
  dcKw: z
    .number()
    .positive()
    .max(2_000)
    .nullable()
    .default(null)
    .describe('The most that it draws from a DC charge point, kW; null: it has no DC.'),
  purchaseGbp: gbp.default('0'),
  maintenanceGbpPerYear: gbp.default('0'),
})
export type EvType = z.infer<typeof evType>

/** A type of charge point. No catalogue is kept: whoever plans enters what a supplier offers. */
export const chargePointType = z.object({
  name,
  current: z.enum(['ac', 'dc']).default('ac'),
  kw: z.number().positive().max(2_000).describe('The most that each socket gives, kW.'),
  socketsEach: z.number().int().min(1).max(8).default(1),
  purchaseGbp: gbp.default('0'),
  installationGbp: gbp.default('0'),
  maintenanceGbpPerYear: gbp.default('0'),
  spaceM2: z.number().min(0).max(1_000).default(0).describe('Floor that one takes with its bays, m².'),
})
export type ChargePointType = z.infer<typeof chargePointType>

/** When vehicles of a group are on the road, and how far they go. */
export const groupSchedule = z.object({
  days: z
    .array(z.number().int().min(0).max(6))
    .max(7)
    .refine((days) => new Set(days).size === days.length, 'must not name a day twice')
    .describe('Days of work: 0 is Monday, 6 is Sunday.'),
  leaves: clockTime.describe('When they leave the site.'),
  returns: clockTime.describe('When they are back; at or before the departure: on the next day.'),
  milesPerDay: z.number().min(0).max(2_000),
})

/** Import limits of weekdays and weekends, W, as a profiled connection states them. */
export const weekProfile = z
  .object({ weekday: z.array(limitStep).min(1).max(288), weekend: z.array(limitStep).min(1).max(288) })
  .refine(
    (p) =>
      [p.weekday, p.weekend].every(
        (steps) =>
          steps[0]?.from === '00:00' && steps.every((step, i) => i === 0 || step.from > (steps[i - 1]?.from ?? '')),
      ),
    'must begin each day at 00:00, with times that rise',
  )
export type WeekProfile = z.infer<typeof weekProfile>

/** Prices of energy by time of the week, and what capacity costs. */
export const siteTariff = z.object({
  pencePerKwh: pence.default(0).describe('The price outside of the bands, p/kWh.'),
  bands: z
    .array(
      z.object({
        days: z.array(z.number().int().min(0).max(6)).min(1).max(7).describe('0 is Monday.'),
        from: halfHour,
        to: halfHourEnd.describe('At or before `from`: on the next day.'),
        pencePerKwh: pence,
      }),
    )
    .max(50)
    .default([])
    .describe('A later band replaces an earlier one where they overlap.'),
  capacityPencePerKvaDay: pence.default(0).describe('The charge for agreed capacity, p/kVA a day; 0 if unknown.'),
})
export type SiteTariff = z.infer<typeof siteTariff>

/** What an economic comparison needs beyond the prices of things. */
export const planCosts = z.object({
  years: z.number().int().min(1).max(40).default(10),
  discountPercent: z.number().min(0).max(30).default(0),
  connectionFixedGbp: gbp.default('0').describe('What more capacity costs in any case.'),
  connectionGbpPerKva: gbp.default('0').describe('What each kVA beyond the agreed capacity costs.'),
  presentGbpPerYear: gbp
    .nullable()
    .default(null)
    .describe('What the present fleet costs a year in fuel and maintenance, to compare with.'),
})
export type PlanCosts = z.infer<typeof planCosts>

/** A solar array, as an option. */
export const solarOption = z
  .object({
    areaM2: z.number().positive().max(100_000),
    insolationKwhPerM2Day: z
      .number()
      .min(0)
      .max(15)
      .describe('Energy of the sun on the array on a day, kWh/m²; the darkest month is the cautious choice.'),
    efficiencyPercent: z
      .number()
      .min(0)
      .max(100)
      .default(18)
      .describe('What of it reaches the site, with all losses, %.'),
    sunrise: clockTime.default('08:00'),
    sunset: clockTime.default('16:00'),
    costGbp: gbp.default('0'),
    maintenanceGbpPerYear: gbp.default('0'),
  })
  .refine((s) => s.sunrise < s.sunset, { path: ['sunset'], message: 'must be after sunrise' })
export type SolarOption = z.infer<typeof solarOption>

/** A battery at the site, as an option. */
export const batteryOption = z.object({
  usableKwh: z.number().positive().max(1e6),
  powerKw: z.number().positive().max(1e6),
  roundTripPercent: z.number().min(1).max(100).default(90).describe('What comes out of what goes in, %.'),
  costGbp: gbp.default('0'),
  maintenanceGbpPerYear: gbp.default('0'),
})
export type BatteryOption = z.infer<typeof batteryOption>

/** What is off unless it is asked for, because it makes a plan harder to judge. */
export const planOptions = z.object({
  dc: z.boolean().default(false).describe('DC charge points may be used.'),
  taper: z
    .boolean()
    .default(false)
    .describe('Above 80 % a vehicle charges ever more slowly, down to a fifth of its power when full.'),
  solar: solarOption.nullable().default(null),
  battery: batteryOption.nullable().default(null),
})
export type PlanOptions = z.infer<typeof planOptions>

/**
 * - `base`: the site without electric vehicles.
 * - `unmanaged`: everybody charges at once, as fast as the charge point gives.
 * - `least-peak`: EV load minimised: the least peak of the site.
 * - `profile`: profile constrained smart: within a profile, and of that the cheapest.
 * - `least-cost`: the cheapest within the agreed capacity.
 */
export const planScenario = z.enum(['base', 'unmanaged', 'least-peak', 'profile', 'least-cost'])
export type PlanScenario = z.infer<typeof planScenario>

/** What a search for charge points is to find: the fewest kVA, or the least total cost of ownership. */
export const planSearch = z.enum(['fewest-kva', 'least-cost'])
export type PlanSearch = z.infer<typeof planSearch>

/** The most ways to give each group one of the types of charge points that a search tries. */
const mostWays = 64

const plannedGroup = groupSchedule.extend({
  name,
  count: z.number().int().min(1).max(5_000),
  ev: evType,
  chargePoint: name.describe('The name of the type of charge point that they use.'),
})
export type PlannedGroup = z.infer<typeof plannedGroup>

const plannedChargePoints = chargePointType.extend({ count: z.number().int().min(0).max(5_000) })
export type PlannedChargePoints = z.infer<typeof plannedChargePoints>

/** Everything that a plan is made from; it is kept with the result, so that anybody can make it again. */
export const planInput = z
  .object({
    scenario: planScenario,
    ascKva: z.number().positive().max(1e6).nullable().default(null),
    powerFactor: z.number().min(0.5).max(1).default(0.95),
    spaceM2: z.number().min(0).max(1e6).nullable().default(null),
    backgroundKw: loadKw,
    groups: z.array(plannedGroup).max(200),
    chargePoints: z.array(plannedChargePoints).max(20),
    profile: weekProfile.nullable().default(null),
    tariff: siteTariff.prefault({}),
    costs: planCosts.prefault({}),
    options: planOptions.prefault({}),
    search: planSearch
      .nullable()
      .default(null)
      .describe(
        'Looks for the number and mix of charge points, of the types that are listed; their counts then say nothing.',
      ),
  })
  .superRefine((input, check) => {
    const types = new Map(input.chargePoints.map((type) => [type.name, type]))
    const say = (path: (string | number)[], message: string) => check.addIssue({ code: 'custom', path, message })
    if (types.size < input.chargePoints.length) say(['chargePoints'], 'must not name a type twice')
    if (new Set(input.groups.map((group) => group.name)).size < input.groups.length)
      say(['groups'], 'must not name a group twice')
    if (input.search && input.scenario === 'base') say(['search'], 'needs a scenario with vehicles')
    if (input.search && types.size ** input.groups.length > mostWays)
      say(
        ['search'],
        `tries at most ${mostWays} ways to give each group a type of charge point: use fewer groups or types`,
      )
    if (input.scenario === 'profile' && !input.profile) say(['profile'], 'is needed: this scenario keeps within it')
    for (const [i, type] of input.chargePoints.entries())
      if (type.current === 'dc' && !input.options.dc)
        say(['chargePoints', i], 'is DC: switch on options.dc, or choose an AC type')
    for (const [i, { chargePoint, ev }] of input.groups.entries()) {
      const type = types.get(chargePoint)
      if (!type) say(['groups', i, 'chargePoint'], `names no charge points of this plan: ${chargePoint}`)
      else if (type.current === 'dc' && ev.dcKw === null)
        say(['groups', i, 'ev'], `has no DC, and ${chargePoint} is DC: state dcKw, or use an AC type`)
    }
  })
  .meta({ id: 'SitePlanInput' })
export type PlanInput = z.infer<typeof planInput>

/** A journey that cannot be made, why, and the nearest that can. */
export const impossibleJourney = z.object({
  group: z.string(),
  vehicles: z.number().int().describe('How many vehicles of the group it concerns.'),
  day: z.number().int().min(0).max(6),
  leaves: clockTime,
  reason: z.enum(['battery', 'time']),
  missingKwh: z.number().describe('The most that one of them lacks.'),
  possibleMiles: z.number().describe('What each of them can drive.'),
  advice: z.string(),
})
export type ImpossibleJourney = z.infer<typeof impossibleJourney>

/** A remark on a result for who does not know how it is made. */
export const planNote = z.object({
  about: z.enum([
    'monday-peak',
    'sunday-midnight',
    'end-of-week',
    'profile',
    'capacity',
    'unmanaged',
    'advisory',
    'options',
    'space',
    'asc',
    'background',
    'tariff',
  ]),
  text: z.string(),
})
export type PlanNote = z.infer<typeof planNote>

const gbpSigned = z.string().regex(/^-?\d+\.\d{2}$/)

/** What a plan costs beyond the site as it is. Amounts in £. */
export const planMoney = z.object({
  chargingGbpPerWeek: gbpSigned.describe(
    'Energy that the site imports beyond its own load, less what solar and battery save.',
  ),
  capital: z.object({
    vehiclesGbp: gbpSigned,
    chargePointsGbp: gbpSigned,
    connectionGbp: gbpSigned,
    solarAndBatteryGbp: gbpSigned,
    totalGbp: gbpSigned,
  }),
  runningPerYear: z.object({
    energyGbp: gbpSigned,
    maintenanceGbp: gbpSigned,
    capacityGbp: gbpSigned,
    totalGbp: gbpSigned,
  }),
  years: z.number().int(),
  totalCostOfOwnershipGbp: gbpSigned.describe('Capital, and running costs of the years, each discounted to the start.'),
  savingGbpPerYear: gbpSigned.nullable().describe('Against the present fleet, if its cost is stated.'),
  paybackYears: z
    .number()
    .nullable()
    .describe('Years until the saving, undiscounted, has paid for the capital; null if never or unknown.'),
})
export type PlanMoney = z.infer<typeof planMoney>

/** A plan for a typical week at the site. Power in kW by half-hour from Monday 00:00. */
export const planResult = z
  .object({
    engine: z.string().describe('The version of the method: the same input and version give the same result.'),
    scenario: planScenario,
    siteKw: weekKw.describe('Import of the site.'),
    backgroundKw: weekKw.describe('The site without vehicles, solar and battery.'),
    chargingKw: weekKw,
    solarKw: weekKw.nullable().describe('What is used of it.'),
    batteryKw: weekKw.nullable().describe('Charging is positive.'),
    groups: z
      .array(z.object({ name: z.string(), chargingKw: weekKw, chargedKwh: z.number(), drivenKwh: z.number() }))
      .describe('The charging schedule of each group.'),
    infrastructure: z
      .array(
        z.object({
          name: z.string(),
          count: z.number().int(),
          sockets: z.number().int(),
          inUseAtMost: z.number().int(),
          peakKw: z.number(),
        }),
      )
      .describe('What is needed behind the meter.'),
    peakKw: z.number(),
    peakDay: z.number().int(),
    peakFrom: clockTime,
    chargingPeakKw: z.number(),
    capacityKva: z.number().describe('The peak by the power factor.'),
    extraKva: z
      .number()
      .nullable()
      .describe('What the agreed capacity lacks; 0 if it is enough, null if it is not known.'),
    chargedKwh: z.number(),
    missingAtEndKwh: z.number().describe('What vehicles lack at the end of the week of what they began it with.'),
    excessKw: z
      .number()
      .describe('By how much the least excess goes beyond the profile or the agreed capacity; 0: it is kept.'),
    weekday: z.array(z.number()).length(48).describe('The most of Monday to Friday by half-hour of the day, kW.'),
    weekend: z.array(z.number()).length(48).describe('The most of Saturday and Sunday, kW.'),
    money: planMoney,
    impossible: z.array(impossibleJourney),
    notes: z.array(planNote),
    search: z
      .object({
        aim: planSearch,
        tried: z.number().int(),
        best: z
          .array(
            z.object({
              chargePoints: z.array(z.object({ name: z.string(), count: z.number().int() })),
              groups: z.array(z.object({ name: z.string(), chargePoint: z.string() })),
              capacityKva: z.number(),
              totalCostOfOwnershipGbp: gbpSigned,
              spaceM2: z.number(),
              impossibleJourneys: z.number().int(),
            }),
          )
          .describe(
            'The best first: the result is its plan. None: nothing fits into the space, and the result is the plan as given.',
          ),
      })
      .nullable()
      .describe('What a search found; null if none was asked for.'),
  })
  .meta({ id: 'SitePlanResult' })
export type PlanResult = z.infer<typeof planResult>
