import { z } from 'zod'
import { people } from '../vocabulary/access.ts'
import { example, spanQuery } from '../vocabulary/examples.ts'
import { csvFile, operation, parquetFile } from '../vocabulary/operation.ts'
import { uuid } from '../vocabulary/units.ts'

/** Which rows are wanted: those of one node, connection or hub, or of all, over at most two years. */
export const exportQuery = spanQuery.extend({
  nodeId: z.string().max(100).optional(),
  connectionId: uuid.optional().meta({ example: example.connectionId }),
  hubId: uuid.optional(),
})
export type ExportQuery = z.infer<typeof exportQuery>

const tags = ['Telemetry']
const access = people()
const problems = ['not-found', 'contract-broken'] as const

const measurementWords =
  'In order of hub and time of receipt, the name of the hub first. A node or connection stands for the hubs that measure it. ' +
  'A value that is null was sent without a value; what was not sent has no row.'
const halfHourWords =
  'In order of place and time: nodes first, then connections. A hub stands for what it measures. Half-hours without measurements ' +
  'have no row. `at` is the start of the half-hour in UTC, `localTime` the same in Europe/London with its offset.'

/** Measurements and half-hours as files, for storage and analysis elsewhere. They are sent as they are read. */
export const exportOperations = {
  exportMeasurementsCsv: operation({
    method: 'get',
    path: '/exports/measurements.csv',
    access,
    tags,
    summary: 'Measurements of a span as CSV',
    description: measurementWords,
    query: exportQuery,
    answer: csvFile(),
    problems,
  }),
  exportMeasurementsParquet: operation({
    method: 'get',
    path: '/exports/measurements.parquet',
    access,
    tags,
    summary: 'Measurements of a span as Parquet',
    description: measurementWords,
    query: exportQuery,
    answer: parquetFile,
    problems,
  }),
  exportHalfHoursCsv: operation({
    method: 'get',
    path: '/exports/half-hours.csv',
    access,
    tags,
    summary: 'Half-hours of a span as CSV',
    description: halfHourWords,
    query: exportQuery,
    answer: csvFile(),
    problems,
  }),
  exportHalfHoursParquet: operation({
    method: 'get',
    path: '/exports/half-hours.parquet',
    access,
    tags,
    summary: 'Half-hours of a span as Parquet',
    description: halfHourWords,
    query: exportQuery,
    answer: parquetFile,
    problems,
  }),
}
