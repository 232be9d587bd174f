import { z } from 'zod'
import { people } from '../vocabulary/access.ts'
import { connectionParams, daySpanQuery, monthParams } from '../vocabulary/examples.ts'
import { csvFile, operation, pdfFile } from '../vocabulary/operation.ts'
import { month, tradingDay, uuid } from '../vocabulary/units.ts'

/** Time in each state on a trading day, s. For the fleet: connection-seconds. */
export const complianceDay = z
  .object({
    tradingDay,
    compliantS: z.number().int(),
    atRiskS: z.number().int(),
    breachS: z.number().int(),
    unknownS: z.number().int(),
  })
  .meta({ id: 'ComplianceDay' })
export type ComplianceDay = z.infer<typeof complianceDay>

/** A connection in a monthly report. Shares are of the time watched, 0 to 1; `null` if it was not watched at all. */
export const complianceReportLine = z
  .object({
    connectionId: uuid,
    name: z.string(),
    customer: z.string(),
    watchedS: z.number().int(),
    compliantShare: z.number().nullable(),
    atRiskShare: z.number().nullable(),
    breachShare: z.number().nullable(),
    unknownShare: z.number().nullable(),
    /** Breaches of import limits that began in the month, of the connection itself and of its FUs under dispatch. */
    breaches: z.number().int(),
    dispatchBreaches: z.number().int(),
    peakExcessW: z.number().nullable(),
    excessWh: z.number(),
    /** Breaches of the export limit that began in the month, with the same figures. */
    exportBreaches: z.number().int(),
    exportPeakExcessW: z.number().nullable(),
    exportExcessWh: z.number(),
    /** Highest half-hour, and energy over the half-hours measured. */
    maxHalfHourW: z.number().nullable(),
    energyWh: z.number().nullable(),
  })
  .meta({ id: 'ComplianceReportLine' })
export type ComplianceReportLine = z.infer<typeof complianceReportLine>

export const complianceReport = z
  .object({ month, lines: z.array(complianceReportLine) })
  .meta({ id: 'ComplianceReport' })
export type ComplianceReport = z.infer<typeof complianceReport>

const tags = ['Compliance']

/** The compliance of connections, day by day and month by month. */
export const complianceOperations = {
  readConnectionCompliance: operation({
    method: 'get',
    mayLag: true,
    path: '/connections/{id}/compliance',
    access: people(),
    tags,
    summary: 'Time of a connection in each state, day by day',
    params: connectionParams,
    query: daySpanQuery,
    answer: z.array(complianceDay),
    problems: ['not-found'],
  }),
  readFleetCompliance: operation({
    method: 'get',
    mayLag: true,
    path: '/compliance',
    access: people(),
    tags,
    summary: 'Time of all connections together in each state, day by day',
    query: daySpanQuery,
    answer: z.array(complianceDay),
  }),
  readComplianceReport: operation({
    method: 'get',
    mayLag: true,
    path: '/compliance/reports/{month}',
    access: people(),
    tags,
    summary: 'The compliance of every connection in a month',
    params: monthParams,
    answer: complianceReport,
  }),
  downloadComplianceCsv: operation({
    method: 'get',
    mayLag: true,
    path: '/compliance/reports/{month}/file.csv',
    access: people(),
    tags,
    summary: 'The compliance of every connection in a month as CSV',
    params: monthParams,
    answer: csvFile(),
  }),
  downloadCompliancePdf: operation({
    method: 'get',
    mayLag: true,
    path: '/compliance/reports/{month}/file.pdf',
    access: people(),
    tags,
    summary: 'The compliance of every connection in a month as PDF',
    params: monthParams,
    answer: pdfFile,
  }),
}
