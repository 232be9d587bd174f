import { z } from 'zod'
import { people } from '../vocabulary/access.ts'
import { connectionParams, example, hubParams, nodeParams, spanQuery } from '../vocabulary/examples.ts'
import { implausibleValues, zoneOfFile } from '../vocabulary/file-import.ts'
import { csvFile, operation } from '../vocabulary/operation.ts'
import { pageOf, pageQuery } from '../vocabulary/paging.ts'
import { instant, uuid } from '../vocabulary/units.ts'
import { halfHour, latestReading } from './connections.ts'
import { phase } from './measurements.ts'
import { loadHistoryReceipt } from './network.ts'

/** What can be wrong with a hub or with the supply that it sees; each is also a kind of alarm. */
export const hubConditionKind = z.enum(['hub-fault', 'hub-hot', 'over-voltage', 'under-voltage', 'phase-loss'])
export type HubConditionKind = z.infer<typeof hubConditionKind>

/** A condition of a hub that began or ended, at one of its points. */
export const hubEvent = z
  .object({
    at: instant,
    kind: hubConditionKind,
    event: z.enum(['began', 'ended']),
    feeder: z.number().int(),
    phase,
    /** The value that showed the condition when it began, in the unit of its quantity: V, °C or the status. */
    value: z.number(),
  })
  .meta({ id: 'HubEvent' })
export type HubEvent = z.infer<typeof hubEvent>

/** Why a half-hour is not compared. */
export const notCompared = z.enum([
  'neither-measured',
  'hub-not-measured',
  'monitor-not-measured',
  'hub-incomplete',
  'monitor-incomplete',
  'direction-unknown',
  'poor-quality',
])
export type NotCompared = z.infer<typeof notCompared>

/** A half-hour of a hub beside that of the customer's monitor. */
export const loadDifference = z
  .object({
    at: instant,
    /** Mean imports by the hub and by the monitor, W; `null` where nothing was measured. */
    hubW: z.number().nullable(),
    monitorW: z.number().nullable(),
    hubCompleteness: z.number(),
    monitorCompleteness: z.number(),
    /** Monitor less hub, W; `null` where the two are not compared. */
    differenceW: z.number().nullable(),
    /** The most by which they may differ, by the setting in force at that time, W; `null` where the two are not compared. */
    toleranceW: z.number().nullable(),
    verdict: z.enum(['agrees', 'differs', 'not-compared']),
    reason: notCompared.nullable(),
  })
  .meta({ id: 'LoadDifference' })
export type LoadDifference = z.infer<typeof loadDifference>

/** How a connection's hub and monitor compare; `monitorId` is `null` for a connection that has not got both. */
export const loadComparison = z
  .object({ monitorId: uuid.nullable(), monitorName: z.string().nullable(), halfHours: z.array(loadDifference) })
  .meta({ id: 'LoadComparison' })
export type LoadComparison = z.infer<typeof loadComparison>

const tags = ['Telemetry']

/** Measurements that people read, and load history that they upload. */
export const telemetryOperations = {
  readNewestReadings: operation({
    method: 'get',
    path: '/hubs/{id}/readings',
    access: people(),
    tags,
    summary: 'The newest value of each point of a hub, with quality and both times',
    params: hubParams,
    answer: z.array(latestReading),
    problems: ['not-found'],
  }),
  listHubEvents: operation({
    method: 'get',
    path: '/hubs/{id}/events',
    access: people(),
    tags,
    summary: 'Faults, temperatures and voltages of a hub that began or ended, the newest first',
    params: hubParams,
    query: pageQuery(100),
    answer: pageOf(hubEvent),
    problems: ['not-found', 'malformed'],
  }),
  readConnectionHalfHours: operation({
    method: 'get',
    mayLag: true,
    path: '/connections/{id}/half-hours',
    access: people(),
    tags,
    summary: 'Half-hourly import of a connection',
    params: connectionParams,
    query: spanQuery,
    answer: z.array(halfHour),
  }),
  readNodeHalfHours: operation({
    method: 'get',
    mayLag: true,
    path: '/network/nodes/{id}/half-hours',
    access: people(),
    tags,
    summary: 'Half-hourly load of a node that has a hub',
    params: nodeParams,
    query: spanQuery,
    answer: z.array(halfHour),
  }),
  compareLoads: operation({
    method: 'get',
    path: '/connections/{id}/load-comparison',
    access: people(),
    tags,
    summary: 'Half-hours of a connection’s hub beside those of the customer’s monitor, over at most 35 days',
    params: connectionParams,
    query: spanQuery,
    answer: loadComparison,
    problems: ['not-found'],
  }),
  uploadLoadHistory: operation({
    method: 'post',
    path: '/network/load-history',
    access: people('planner'),
    tags: ['Network'],
    summary: 'Upload half-hourly load of nodes: all of it or, with a single flaw, nothing',
    description:
      'The body is a CSV file: nodeId, at, meanW and, if known, maxW. `stamp` tells whether `at` is the start or the end of the half-hour.',
    query: z.object({
      stamp: z.enum(['period-start', 'period-end']).meta({ example: 'period-start' }),
      dryRun: z.enum(['true', 'false']).default('false'),
      zone: zoneOfFile,
      implausible: implausibleValues,
    }),
    body: csvFile('nodeId,at,meanW,maxW', `${example.nodeId},2026-01-14T17:00:00Z,310000,325000`),
    answer: loadHistoryReceipt,
  }),
}
