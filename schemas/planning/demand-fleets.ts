import { z } from 'zod'
import { people } from '../vocabulary/access.ts'
import { example } from '../vocabulary/examples.ts'
import { zoneOfFile } from '../vocabulary/file-import.ts'
import { csvFile, operation } from '../vocabulary/operation.ts'
import { uuid } from '../vocabulary/units.ts'

const figure = (least: number, most: number) => z.coerce.number().min(least).max(most)

/** The electric vehicle that takes the place of each, and where it charges. */
export const fleetQuery = z.object({
  usableKwh: figure(1, 1_000).meta({ example: 60 }),
  kwhPerKm: figure(0.03, 3).meta({ example: 0.25 }),
  winterFactor: figure(1, 3).default(1).describe('Energy of winter to that of summer; 1 unless stated.'),
  depotKw: figure(0.1, 1_000).meta({ example: 7.4 }),
  homeKw: figure(0.1, 50).default(7.4),
  leastStopMinutes: figure(0, 1_440).default(30),
  chargerEfficiency: figure(0.5, 1).default(0.9),
  columns: z.string().max(2_000).default('').describe('Headings by column, such as `km=Distance`.'),
  zone: zoneOfFile,
  /** A depot whose import was measured in the same time: what electric vehicles drew there. */
  connectionId: uuid.optional().meta({ example: example.connectionId }),
})

const dayW = z.object({
  place: z.enum(['depot', 'home']),
  kind: z.enum(['winter weekday', 'winter weekend', 'summer weekday', 'summer weekend']),
  /** Mean of such days by half-hour of London time, W, charging losses included. */
  meanW: z.array(z.number()),
})

export const fleetEstimate = z
  .object({
    vehicles: z.number().int(),
    journeys: z.number().int(),
    drivenKwh: z.number(),
    /** Driven on an empty battery: what these electric vehicles would not have done. */
    unmetKwh: z.number(),
    routes: z.array(
      z.object({
        routeType: z.string(),
        season: z.enum(['winter', 'summer']),
        vehicleDays: z.number().int(),
        kmPerDay: z.number(),
        kwhPerDay: z.number(),
        longestDayKm: z.number(),
        daysBeyondRange: z.number().int(),
      }),
    ),
    days: z.array(dayW),
    /** Against the measured depot; `null` if none was named, or nothing was measured in the time of the journeys. */
    error: z
      .object({ halfHours: z.number().int(), estimatedKwh: z.number(), measuredKwh: z.number(), maeW: z.number() })
      .nullable(),
  })
  .meta({ id: 'FleetEstimate' })

/** What a fleet with engines would charge, were it electric. */
export const demandFleetOperations = {
  estimateFleet: operation({
    method: 'post',
    path: '/demand/fleet-estimates/csv',
    access: people('planner'),
    tags: ['EV demand'],
    summary: 'Estimate what a fleet would charge, were it electric, from its present journeys',
    description:
      'By route type and season; the vehicle and its charge points are the caller’s figures. `endsAt` is depot, home or other: only at the first two can a vehicle charge. Nothing is stored.',
    query: fleetQuery,
    body: csvFile(
      'vehicle,routeType,startedAt,endedAt,km,endsAt',
      'van 1,urban,2026-01-14T08:00:00Z,2026-01-14T14:00:00Z,80,depot',
    ),
    answer: fleetEstimate,
    problems: ['not-found'],
  }),
}
