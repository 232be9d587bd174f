import { z } from 'zod'
import { channelUse } from '../feeders.ts'
import { label, registerKey } from '../registers/fields.ts'
import { reportable } from '../registers/subjects.ts'

/** The name of a column or member in what the supplier sends. */
const field = label

/** Times without offset count in this zone; without one they are refused. */
const zone = z.enum(['UTC', 'Europe/London']).optional()

/** A clamp or meter on one of a depot's cables. */
export const feedChannel = z.object({
  /** As its supplier names it. */
  channel: label,
  depotId: registerKey,
  /** A feeder of the depot in its register. */
  feeder: z.number().int().min(1).max(99),
  use: channelUse,
  /** How it counts in what the site imports: 1 drawn through the connection, -1 generated behind it, 0 counted already by another. */
  sign: z.union([z.literal(1), z.literal(0), z.literal(-1)]),
  /** Assumed voltage, phase to neutral, V: 230 for LV, 6351 for 11 kV. */
  voltageV: z.number().min(50).max(100_000).default(230),
  /** Phases that the current flows in: 1, or 3 for one clamp on a balanced cable. */
  phases: z.union([z.literal(1), z.literal(3)]).default(1),
  powerFactor: z.number().gt(0).max(1).default(0.95),
  /** What the reported figure is multiplied by: a transformer's ratio, or 1000 for kW. */
  factor: z.number().gt(0).max(1_000_000).default(1),
})

/** Site load: a record for each channel and minute, with a current in A or a power in W. */
const siteLoadFormat = z
  .object({
    kind: z.literal('site-load'),
    at: field.default('timestamp'),
    channel: field.default('device'),
    /** Where the current is found; the power is then computed. */
    currentA: field.optional(),
    /** Where the power is found. */
    powerW: field.optional(),
    zone,
    channels: z.array(feedChannel).min(1).max(2_000),
  })
  .refine(({ currentA, powerW }) => (currentA === undefined) !== (powerW === undefined), {
    path: ['currentA'],
    message: 'either currentA or powerW must say where the figure is found',
  })
  .refine(({ channels }) => new Set(channels.map(({ channel }) => channel)).size === channels.length, {
    path: ['channels'],
    message: 'must name each channel once',
  })

/** Telematics: a record for each vehicle and time. Vehicles whose type has sub-types in the register are read as those say. */
const telematicsFormat = z.object({
  kind: z.literal('telematics'),
  /** As in the register of telematics identities. */
  provider: label,
  /** Where the vehicle's identity at the provider is found. */
  identity: field,
  at: field,
  /** Where each figure is found, for vehicles whose sub-type does not say. */
  fields: z.array(z.object({ figure: reportable, reportedAs: field, factor: z.number().gt(0).default(1) })).max(20),
  zone,
  /** Where depots are. A position is compared with them and then forgotten: only whether the vehicle stood at its depot is kept. */
  places: z
    .array(
      z.object({
        depotId: registerKey,
        latitude: z.number().min(-90).max(90),
        longitude: z.number().min(-180).max(180),
        radiusM: z.number().min(10).max(5_000).default(200),
      }),
    )
    .max(500)
    .default([]),
})

/** Journeys of vehicles with engines, for planning their replacement. */
const tripsFormat = z.object({
  kind: z.literal('trips'),
  vehicle: field.default('vehicle'),
  startedAt: field.default('started_at'),
  endedAt: field.default('ended_at'),
  distance: field.default('distance_miles'),
  /** Kilometres in one reported unit: 1.609344 for miles. */
  kmPerUnit: z.number().gt(0).max(10).default(1.609344),
  zone,
})

/** Weather at depots, observed or forecast. */
const weatherFormat = z.object({
  kind: z.literal('weather'),
  at: field.default('time'),
  temperatureC: field.default('temperature'),
  /** A forecast is replaced by a later one and by what was observed. */
  isForecast: z.boolean(),
  zone,
})

/** What a feed's records are and where each of their figures is found. */
export const feedFormat = z.discriminatedUnion('kind', [siteLoadFormat, telematicsFormat, tripsFormat, weatherFormat])
export type FeedFormat = z.infer<typeof feedFormat>
export type FormatOf<K extends FeedFormat['kind']> = Extract<FeedFormat, { kind: K }>
