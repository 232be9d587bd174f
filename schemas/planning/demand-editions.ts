import { z } from 'zod'
import { people } from '../vocabulary/access.ts'
import { dryRunQuery, zoneOfFile } from '../vocabulary/file-import.ts'
import { csvFile, operation } from '../vocabulary/operation.ts'
import { pageOf, pageQuery } from '../vocabulary/paging.ts'
import { instant, tradingDay, uuid } from '../vocabulary/units.ts'
import { demandExample } from './demand-examples.ts'

/** Kinds of file that EV demand is worked out from. */
export const editionKind = z.enum([
  'trips',
  'vehicles',
  'charge-points',
  'areas',
  'off-street',
  'growth',
  'feeding-areas',
  'connectivity',
  'hv-sites',
  'profiles',
])
export type EditionKind = z.infer<typeof editionKind>

/** Something in a file that a person should look at. */
export const demandAnomaly = z.object({ kind: z.string(), subject: z.string(), detail: z.string() })

/** A file as it was imported: it never changes, so that a run can be repeated from it. */
export const demandEdition = z
  .object({
    editionId: uuid,
    /** `network` is what a run read of the network. */
    kind: z.union([editionKind, z.literal('network')]),
    name: z.string(),
    /** Made up by the server from a seed; nobody drove it. */
    isSynthetic: z.boolean(),
    importedAt: instant,
    importedBy: z.string(),
    /** When its rows were removed, because they had been kept long enough; `null` while they are there. */
    rowsRemovedAt: instant.nullable(),
    /** As imported. */
    rows: z.number().int(),
    /** SHA-256 of its rows. */
    digest: z.string(),
    /** The heading that each column was read from. */
    columns: z.record(z.string(), z.string()),
    summary: z.record(z.string(), z.union([z.number(), z.string(), z.null()])),
    /** The first 200 of `anomalyCount`. */
    anomalies: z.array(demandAnomaly),
    anomalyCount: z.number().int(),
    /** Vehicles that no earlier file had: the first 1,000 of `newVehicleCount`. */
    newVehicles: z.array(z.string()),
    newVehicleCount: z.number().int(),
  })
  .meta({ id: 'DemandEdition' })
export type DemandEdition = z.infer<typeof demandEdition>

/** The outcome of a file: `edition` is `null` for one that was only checked. */
export const editionReceipt = z
  .object({
    rows: z.number().int(),
    edition: demandEdition.nullable(),
    findings: demandEdition.pick({ summary: true, anomalies: true, anomalyCount: true }),
  })
  .meta({ id: 'DemandEditionReceipt' })

export const syntheticTripsForm = z
  .object({
    name: z.string().min(1).max(200),
    areasEditionId: uuid,
    seed: z.number().int().min(0).max(2_147_483_647),
    vehicles: z.number().int().min(1).max(2_000),
    firstDay: tradingDay,
    days: z.number().int().min(1).max(92),
    /** A model of the vehicles' edition that these vehicles are of. */
    model: z.string().min(1).max(100),
  })
  .refine(({ vehicles, days }) => vehicles * days <= 20_000, {
    path: ['days'],
    message: 'must be at most 20,000 days of vehicles',
  })
  .meta({
    id: 'SyntheticTripsForm',
    example: {
      name: 'Synthetic trips, January',
      areasEditionId: demandExample.areas,
      seed: 7,
      vehicles: 20,
      firstDay: '2026-01-05',
      days: 7,
      model: 'Kia e-Niro',
    },
  })

const tags = ['EV demand']
const planners = people('planner')

/** Files of EV demand. */
export const demandEditionOperations = {
  importDemandEdition: operation({
    method: 'post',
    path: '/demand/editions/{kind}/csv',
    access: planners,
    tags,
    summary: 'Import a file of EV demand as a new edition: the whole file is accepted, or none of it',
    description:
      'Columns are found by their names, by those of known layouts (ONS areas, DFES growth, the National Chargepoint Registry), or as `columns` says: `code=LSOA21CD,borough=LAD22NM`. An edition never changes; a run names those that it used. Trips are checked for journeys beyond the range, look-alike models and duplicates; charge points for duplicates and taxi-only ones.',
    params: z.object({ kind: editionKind.meta({ example: 'vehicles' }) }),
    query: dryRunQuery.extend({
      name: z.string().min(1).max(200).default('Unnamed'),
      columns: z
        .string()
        .max(2_000)
        .default('')
        .describe('Headings by column, such as `code=LSOA21CD,borough=LAD22NM`.'),
      zone: zoneOfFile,
      coordinates: z
        .enum(['EPSG:27700', 'EPSG:4326'])
        .default('EPSG:27700')
        .describe('British National Grid, or WGS84 with the longitude first: of geometries.'),
    }),
    body: csvFile('model,usableKwh,kwhPerKm,acKw,dcKw,verified', 'Kia e-Niro,64,0.16,7.4,77,true'),
    answer: editionReceipt,
    idempotent: true,
  }),
  exportEditionTemplate: operation({
    method: 'get',
    path: '/demand/editions/{kind}/template.csv',
    access: planners,
    tags,
    summary: 'A file of a kind that can be imported as it is: headings, and rows to be replaced by one’s own',
    params: z.object({ kind: editionKind.meta({ example: 'areas' }) }),
    answer: csvFile(),
  }),
  makeSyntheticTrips: operation({
    method: 'post',
    path: '/demand/synthetic-trips',
    access: planners,
    tags,
    summary: 'Make up plausible trips in some areas, for trials and demonstrations; they are labelled synthetic',
    body: syntheticTripsForm,
    answer: demandEdition,
    idempotent: true,
    problems: ['not-found'],
  }),
  listDemandEditions: operation({
    method: 'get',
    path: '/demand/editions',
    access: planners,
    tags,
    summary: 'Files of EV demand, the latest first',
    query: pageQuery(50).extend({ kind: editionKind.optional() }),
    answer: pageOf(demandEdition),
    problems: ['malformed'],
  }),
  readDemandEdition: operation({
    method: 'get',
    path: '/demand/editions/{id}',
    access: planners,
    tags,
    summary: 'A file of EV demand: its summary, its anomalies and the vehicles that are new with it',
    params: z.object({ id: uuid.meta({ example: demandExample.areas }) }),
    answer: demandEdition,
    problems: ['not-found'],
  }),
}
