import { complianceOperations } from '../../../schemas/grid/compliance.ts'
import { standingOperations } from '../../../schemas/grid/connections.ts'
import { bind, type Verbs } from '../../kit/index.ts'
import { breachPage } from './breaches.ts'
import { readDay } from './day.ts'
import { connectionHistory, fleetHistory } from './history.ts'
import { listConnections } from './list-connections.ts'
import { readConnection } from './read-connection.ts'
import { monthlyReport, reportFile } from './report.ts'
import { reportPdf } from './report-pdf.ts'

export { breachesBegun, breachesOf } from './breaches.ts'
export { readDay } from './day.ts'
export { evaluateHubs, minutePass } from './evaluate.ts'
export { connectionHistory } from './history.ts'
export { overviewSites, summariesOf } from './summaries.ts'

/** The state of connections against their limits, now and on a day. */
export const standing = bind(standingOperations, {
  listConnections,
  readConnection,
  listBreaches: ({ db, query }) => breachPage(db, query),

  readConnectionDay: ({ db, at, params: { id }, query: { day } }) => readDay(db, id, day, at),
})

const complianceVerbs: Verbs<typeof complianceOperations> = {
  readConnectionCompliance: ({ db, params: { id }, query }) => connectionHistory(db, id, query),
  readFleetCompliance: ({ db, query }) => fleetHistory(db, query),
  readComplianceReport: ({ db, params: { month } }) => monthlyReport(db, month),

  downloadComplianceCsv: async ({ db, params: { month } }) => ({
    content: reportFile(await monthlyReport(db, month)),
    name: `compliance ${month}.csv`,
  }),

  downloadCompliancePdf: async ({ db, params: { month } }) => ({
    content: new Uint8Array(await reportPdf(await monthlyReport(db, month))),
    name: `compliance ${month}.pdf`,
  }),
}

/** The compliance of connections, day by day and month by month: reports, every one. */
export const compliance = bind(complianceOperations, complianceVerbs, { pool: 'reports' })
