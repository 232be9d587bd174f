import { z } from 'zod'
import { people } from '../vocabulary/access.ts'
import { connectionParams, example, hubParams, nodeParams, spanQuery } from '../vocabulary/examples.ts'
import { implausibleValues, zoneOfFile } from '../vocabulary/file-import.ts'
import { csvFile, operation } from '../vocabulary/operation.ts'
import { pageOf, pageQuery } from '../vocabulary/paging.ts'
import { instant } from '../vocabulary/units.ts'
import { halfHour, latestReading } from './connections.ts'
import { loadComparison } from './differences.ts'
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
