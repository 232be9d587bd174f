import { z } from 'zod'
import { people } from '../vocabulary/access.ts'
import { connectionParams, example, hubParams, nodeParams, spanQuery } from '../vocabulary/examples.ts'
import { implausibleValues, zoneOfFile } from '../vocabulary/file-import.ts'
import { csvFile, operation } from '../vocabulary/operation.ts'
import { halfHour, latestReading } from './connections.ts'
import { loadHistoryReceipt } from './network.ts'

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
  readConnectionHalfHours: operation({
    method: 'get',
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
    path: '/network/nodes/{id}/half-hours',
    access: people(),
    tags,
    summary: 'Half-hourly load of a node that has a hub',
    params: nodeParams,
    query: spanQuery,
    answer: z.array(halfHour),
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
