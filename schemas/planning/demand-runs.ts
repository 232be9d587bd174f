import { z } from 'zod'
import { nodeKind } from '../grid/connections.ts'
import { degrees, tileParams } from '../grid/network-map.ts'
import { tenderWindow } from '../market/windows.ts'
import { people } from '../vocabulary/access.ts'
import { csvFile, geoJsonFile, operation, parquetFile, tileFile } from '../vocabulary/operation.ts'
import { pageOf, pageQuery } from '../vocabulary/paging.ts'
import { amountGbp, instant, uuid } from '../vocabulary/units.ts'
import { demandExample } from './demand-examples.ts'

const share = z.number().min(0).max(1)
const seed = z.number().int().min(0).max(2_147_483_647).default(1)
const title = z.string().min(1).max(200)

/** Everything that a model of trips assumes; what is left out is ours (docs/demand.md). */
export const tripParameters = z.object({
  shiftGapH: z.number().min(0.5).max(24).default(4),
  homeMonths: z.number().int().min(1).max(12).default(3),
  targetShare: share.default(0.9),
  lookBelowShare: share.default(0.35),
  worthwhileMinutes: z.number().min(0).max(240).default(15),
  worthwhileKwh: z.number().min(0).max(100).default(4),
  detourKm: z.number().min(0).max(50).default(5),
  roadFactor: z.number().min(1).max(3).default(1.3),
  speedKmH: z.number().min(5).max(100).default(20),
  homeKw: z.number().min(1).max(50).default(7.4),
  publicKw: z.number().min(1).max(400).default(7.4),
  chargerEfficiency: z.number().min(0.5).max(1).default(0.9),
  seed,
})

export const tripRunForm = z
  .object({
    title,
    trips: z.array(uuid).min(1).max(36),
    vehicles: uuid,
    areas: uuid,
    chargePoints: uuid.nullable().default(null),
    offStreet: uuid.nullable().default(null),
    parameters: tripParameters.prefault({}),
  })
  .meta({
    id: 'TripRunForm',
    example: {
      title: 'Private hire, January',
      trips: [demandExample.trips],
      vehicles: demandExample.vehicles,
      areas: demandExample.areas,
    },
  })

export const mappingMethod = z.enum([
  'connectivity',
  'feeding-area',
  'customer-share',
  'largest-in-area',
  'smallest-in-area',
  'all-in-area',
  'nearest',
])

export const networkRunForm = z
  .object({
    title,
    areas: uuid,
    growth: uuid,
    offStreet: uuid.nullable().default(null),
    feedingAreas: uuid.nullable().default(null).describe('Also says how many customers each substation has.'),
    connectivity: uuid.nullable().default(null),
    hvSites: uuid
      .nullable()
      .default(null)
      .describe(
        'Hubs and depots that connect at high voltage: their vehicles go to primaries, and not to secondaries.',
      ),
    profiles: uuid
      .nullable()
      .default(null)
      .describe('Archetypes of charging; those of the program where none is named.'),
    /** A run over trips, whose demand grows with the share of electric cars. */
    tripRun: uuid.nullable().default(null),
    tripYear: z.number().int().min(2010).max(2100).default(2026),
    wholeFleet: z
      .number()
      .min(1)
      .max(1_000)
      .nullable()
      .default(null)
      .describe('Vehicles of the whole fleet to those in the trips: their demand grows no further.'),
    method: mappingMethod.default('largest-in-area'),
    level: z.enum(['secondary', 'primary', 'bsp', 'gsp']).default('secondary'),
    fromYear: z.number().int().min(2010).max(2100).default(2026),
    toYear: z.number().int().min(2010).max(2100).default(2050),
    weather: z
      .object({ referenceC: z.number().min(-20).max(40).default(15), perDegree: z.number().min(0).max(0.1).default(0) })
      .prefault({})
      .describe(
        'More energy for each degree that a season lies below the reference, where its weather is known; 0 for none.',
      ),
    few: z
      .object({
        vehicles: z.number().min(1).max(500).default(100),
        draws: z.number().int().min(50).max(2_000).default(200),
        seed,
      })
      .prefault({})
      .describe('Below this number of vehicles a node shows percentiles of its peak.'),
  })
  .refine(({ fromYear, toYear }) => fromYear <= toYear && toYear - fromYear < 60, {
    path: ['toYear'],
    message: 'must not be before fromYear, and at most 60 years',
  })
  .meta({
    id: 'NetworkRunForm',
    example: { title: 'Leading the Way', areas: demandExample.areas, growth: demandExample.growth },
  })

export const demandRun = z
  .object({
    runId: uuid,
    kind: z.enum(['trips', 'network']),
    title: z.string(),
    state: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']),
    requestedAt: instant,
    requestedBy: z.string(),
    startedAt: instant.nullable(),
    /** How far it is, from 0 to 1; `null` while it waits. It stays where it was when it failed or was cancelled. */
    progress: z.number().min(0).max(1).nullable(),
    finishedAt: instant.nullable(),
    failure: z.string().nullable(),
    /** Every parameter and edition: the run is repeated from it. */
    record: z.record(z.string(), z.unknown()),
    /** Whether anything in it was made up. */
    isSynthetic: z.boolean(),
    /** By kind of run: `TripRunSummary` or `NetworkRunSummary` (demand-summaries.ts). */
    summary: z.record(z.string(), z.unknown()).nullable(),
    /** SHA-256 of the whole result: a repeat has the same. */
    digest: z.string().nullable(),
  })
  .meta({ id: 'DemandRun' })
export type DemandRun = z.infer<typeof demandRun>

export const runNode = z
  .object({
    rank: z.number().int(),
    nodeId: z.string(),
    name: z.string(),
    kind: z.string(),
    /** Where it was when the run began; `null` if that was not on record. */
    place: degrees.nullable(),
    /** `null` if it is never exceeded, or if its headroom is unknown: then `isKnown` is false. */
    firstYear: z.number().int().nullable(),
    isKnown: z.boolean(),
    hoursOver: z.number().nullable(),
    leastHeadroomW: z.number().nullable(),
    peakW: z.number(),
    vehicles: z.number(),
    confidence: z.enum(['high', 'medium', 'low']).nullable(),
  })
  .meta({ id: 'DemandNode' })
export type RunNode = z.infer<typeof runNode>

const runNodeYears = runNode
  .extend({
    years: z.array(
      z.object({
        year: z.number().int(),
        peakW: z.number(),
        leastHeadroomW: z.number().nullable(),
        hoursOver: z.number().nullable(),
      }),
    ),
    /** The peak of the winter weekday of the last year by chance, W; `null` where vehicles are many. */
    percentiles: z.object({ p10W: z.number(), p50W: z.number(), p90W: z.number(), meanW: z.number() }).nullable(),
  })
  .meta({ id: 'DemandNodeYears' })

const runArea = z
  .object({
    area: z.string(),
    /** Peak of the mean day, W; `null` in a run over the network. */
    peakW: z.number().nullable(),
    energyWhPerWinterWeekday: z.number().nullable(),
    basis: mappingMethod.nullable(),
    confidence: z.enum(['high', 'medium', 'low']).nullable(),
    nodes: z.array(z.object({ nodeId: z.string(), share: z.number() })),
  })
  .meta({ id: 'DemandArea' })

const runYear = z.coerce.number().int().min(2010).max(2100)

/** What a map shows of the trips of a run: the drivers who live in a place, or the trips that begin there. */
export const placeFigure = z.enum(['homes', 'trips'])
export type PlaceFigure = z.infer<typeof placeFigure>

/** An area, or all areas of a borough. */
export const runPlace = z
  .object({
    /** The code of the area, or the name of the borough. */
    place: z.string(),
    borough: z.string().nullable(),
    /** `null` if there are fewer than five and the trips are real: so few could be known by it. */
    homes: z.number().int().nullable(),
    trips: z.number().int(),
    /** Whether its shape is on record: a map can show no other. */
    hasShape: z.boolean(),
  })
  .meta({ id: 'DemandPlace' })
export type RunPlace = z.infer<typeof runPlace>

const runPlaces = pageOf(runPlace)
  .extend({
    /** The most that any place has of what they are sorted by. */
    most: z.number().int(),
    total: z.number().int(),
    /** West, south, east and north of the areas of the run, degrees; `null` if none has a shape. */
    bounds: z.tuple([z.number(), z.number(), z.number(), z.number()]).nullable(),
  })
  .meta({ id: 'DemandPlaces' })
export type RunPlaces = z.infer<typeof runPlaces>

const finding = z
  .object({ firstYear: runNode.shape.firstYear, isKnown: runNode.shape.isKnown, peakW: z.number() })
  .nullable()
export const demandComparison = z
  .object({
    one: uuid,
    other: uuid,
    /** Where they disagree most, first: at most 200 of `nodes`. The difference is that of the peaks of their last years. */
    items: z.array(
      z.object({ nodeId: z.string(), name: z.string(), one: finding, other: finding, differenceW: z.number() }),
    ),
    nodes: z.number().int(),
    /** Nodes that both know whose first year differs. */
    otherFirstYear: z.number().int(),
  })
  .meta({ id: 'DemandComparison' })

const pounds = z.coerce.number().min(0).max(1e9)

/** What a year of reinforcement costs: all of it the caller’s figures. */
export const reinforcementTerms = z.object({
  reinforcementGbp: pounds.meta({ example: 150_000 }),
  lifeYears: z.coerce.number().int().min(1).max(100).meta({ example: 40 }),
  discountRate: z.coerce.number().min(0).max(0.5).meta({ example: 0.035 }),
})

/** The year of a requirement, and the prices that it is costed by. */
const requirementQuery = reinforcementTerms.extend({
  year: runYear.meta({ example: 2035 }),
  availabilityGbpPerMwH: pounds.describe('£/MW/h').meta({ example: 10 }),
  utilisationGbpPerMwh: pounds.describe('£/MWh').meta({ example: 200 }),
})
export type RequirementQuery = z.infer<typeof requirementQuery>

export const demandRequirement = z
  .object({
    zoneNodeId: z.string(),
    year: z.number().int(),
    /** In the form of a tender, by season; the season says when it is needed. */
    seasons: z.array(z.object({ season: z.enum(['winter', 'summer']), windows: z.array(tenderWindow) })),
    greatestNeedW: z.number(),
    costs: z.object({
      availabilityGbp: amountGbp,
      utilisationGbp: amountGbp,
      flexibilityGbp: amountGbp,
      reinforcementGbp: amountGbp,
    }),
    assumptions: z.array(z.string()),
  })
  .meta({ id: 'DemandRequirement' })
export type DemandRequirement = z.infer<typeof demandRequirement>

const tags = ['EV demand']
const planners = people('planner')
const runParams = z.object({ id: uuid.meta({ example: demandExample.networkRun }) })
const placesOfRun = z.object({
  id: uuid.meta({ example: demandExample.tripRun }),
  by: z.enum(['area', 'borough']).meta({ example: 'borough' }),
})
const nodeOfRun = runParams.extend({ nodeId: z.string().max(200).meta({ example: 'lpn-barnsbury-lv' }) })
const problems = ['not-found', 'conflict'] as const

/** Of which year of a run figures are; the last where it is left out. */
const ofYear = z.object({ year: runYear.optional().meta({ example: 2035 }) })

/** Runs of EV demand and what they found. */
export const demandRunOperations = {
  startTripRun: operation({
    method: 'post',
    path: '/demand/trip-runs',
    access: planners,
    tags,
    summary: 'Work out where and when private-hire vehicles charge, from their trips',
    description:
      'Trips → shifts → the battery → charges → mean demand of each area by half-hour. It runs as a job: read the run until it is done.',
    body: tripRunForm,
    answer: demandRun,
    idempotent: true,
    problems: ['not-found', 'conflict'],
  }),
  startNetworkRun: operation({
    method: 'post',
    path: '/demand/network-runs',
    access: planners,
    tags,
    summary: 'Map the EV demand of years to substations and hold it against their headroom',
    description:
      'The headroom is that which judges applications, as it stands when the job begins; it is kept with the run.',
    body: networkRunForm,
    answer: demandRun,
    idempotent: true,
    problems: ['not-found', 'conflict'],
  }),
  repeatDemandRun: operation({
    method: 'post',
    path: '/demand/runs/{id}/repeat',
    access: planners,
    tags,
    summary: 'Run again from the record of a run: its result has the same digest',
    params: runParams,
    answer: demandRun,
    idempotent: true,
    problems,
  }),
  cancelDemandRun: operation({
    method: 'post',
    path: '/demand/runs/{id}/cancellation',
    access: planners,
    tags,
    summary: 'Cancel a run that waits or is being worked on; it keeps its record and has no result',
    params: z.object({ id: uuid.meta({ description: 'Of a run that is not done, as GET /demand/runs lists it.' }) }),
    answer: demandRun,
    problems,
  }),
  listDemandRuns: operation({
    method: 'get',
    path: '/demand/runs',
    access: people(),
    tags,
    summary: 'Runs of EV demand, the latest first',
    query: pageQuery(50),
    answer: pageOf(demandRun),
    problems: ['malformed'],
  }),
  readDemandRun: operation({
    method: 'get',
    path: '/demand/runs/{id}',
    access: people(),
    tags,
    summary: 'A run with its record, its state and its summary',
    params: runParams,
    answer: demandRun,
    problems: ['not-found'],
  }),
  listRunAreas: operation({
    method: 'get',
    path: '/demand/runs/{id}/areas',
    access: people(),
    tags,
    summary: 'The areas of a run: their demand, or the substations that carry it',
    params: runParams,
    query: pageQuery(500),
    answer: pageOf(runArea),
    problems: ['not-found', 'malformed'],
  }),
  listRunNodes: operation({
    method: 'get',
    path: '/demand/runs/{id}/nodes',
    access: people(),
    tags,
    summary: 'The nodes of a run, the first to be exceeded first',
    description:
      'Figures are of the year that is asked for, or of the last. Nodes with unknown headroom come last: nothing can be said of them.',
    params: runParams,
    query: pageQuery(100).extend({
      ...ofYear.shape,
      kind: nodeKind.optional(),
      search: z.string().max(100).optional().describe('Part of a name or of an identifier.'),
    }),
    answer: pageOf(runNode),
    problems: ['not-found', 'conflict', 'malformed'],
  }),
  readRunNode: operation({
    method: 'get',
    path: '/demand/runs/{id}/nodes/{nodeId}',
    access: people(),
    tags,
    summary: 'A node of a run year by year, with percentiles of its peak where it has few vehicles',
    params: nodeOfRun,
    answer: runNodeYears,
    problems: ['not-found'],
  }),
  exportRunCsv: operation({
    method: 'get',
    path: '/demand/runs/{id}/nodes.csv',
    access: people(),
    tags,
    summary: 'Nodes × years of a run as CSV',
    params: runParams,
    answer: csvFile(),
    problems: ['not-found'],
  }),
  exportRunParquet: operation({
    method: 'get',
    path: '/demand/runs/{id}/nodes.parquet',
    access: people(),
    tags,
    summary: 'Nodes × years of a run as Parquet',
    params: runParams,
    answer: parquetFile,
    problems: ['not-found'],
  }),
  exportRunGeoJson: operation({
    method: 'get',
    path: '/demand/runs/{id}/nodes.geojson',
    access: people(),
    tags,
    summary: 'The nodes of a run as GeoJSON in WGS84',
    params: runParams,
    answer: geoJsonFile,
    problems: ['not-found'],
  }),
  readRunTile: operation({
    method: 'get',
    path: '/demand/runs/{id}/tiles/{z}/{x}/{y}',
    access: people(),
    tags,
    summary: 'A vector tile of the nodes of a run, in the layer `nodes`',
    description:
      'Figures are of the year that is asked for, or of the last. Where marks would cover each other, the tile has the first to be exceeded, with the number of `others`.',
    params: runParams.extend(tileParams),
    query: ofYear,
    answer: tileFile,
    problems: ['not-found', 'conflict', 'malformed'],
  }),
  listRunPlaces: operation({
    method: 'get',
    path: '/demand/runs/{id}/places/{by}',
    access: people(),
    tags,
    summary: 'Where drivers live and where trips begin, by area or by borough, those with most first',
    description: 'Of a run over trips. Homes are those of each driver’s latest span of months.',
    params: placesOfRun,
    query: pageQuery(200).extend({ figure: placeFigure.default('homes') }),
    answer: runPlaces,
    problems: ['not-found', 'conflict', 'malformed'],
  }),
  readRunPlaceTile: operation({
    method: 'get',
    path: '/demand/runs/{id}/places/{by}/tiles/{z}/{x}/{y}',
    access: people(),
    tags,
    summary:
      'A vector tile of the areas of a run over trips, in the layer `areas`, with the figures of each or of its borough',
    params: placesOfRun.extend(tileParams),
    answer: tileFile,
    problems: ['not-found', 'conflict'],
  }),
  compareDemandRuns: operation({
    method: 'get',
    path: '/demand/runs/{id}/comparison/{otherId}',
    access: people(),
    tags,
    summary: 'Two runs side by side, such as two methods, where they disagree most first',
    params: runParams.extend({ otherId: uuid.meta({ example: demandExample.networkRun }) }),
    answer: demandComparison,
    problems,
  }),
  suggestDemandRequirement: operation({
    method: 'get',
    path: '/demand/runs/{id}/nodes/{nodeId}/requirement',
    access: people('planner', 'flexibility-engineer'),
    tags,
    summary: 'What a tender would have to ask for at a node in a year, and its cost beside that of reinforcement',
    description: 'Every price and cost is the caller’s. Windows are in the form of a tender.',
    params: nodeOfRun,
    query: requirementQuery,
    answer: demandRequirement,
    problems,
  }),
}
