import { accountOperations } from './access/accounts.ts'
import { auditOperations } from './access/audit.ts'
import { clientOperations } from './access/clients.ts'
import { customerOperations } from './access/customers.ts'
import { dataProviderOperations } from './access/data-providers.ts'
import { ownAccountOperations } from './access/own-account.ts'
import { proposalOperations } from './access/proposals.ts'
import { sessionOperations } from './access/sessions.ts'
import { settingOperations } from './access/settings.ts'
import { boardOperations, emergencyOperations } from './dispatch/board.ts'
import { choiceOperations } from './dispatch/choices.ts'
import { deliveryOperations } from './dispatch/delivery.ts'
import { experimentOperations } from './dispatch/experiments.ts'
import { importLimitOperations } from './dispatch/import-limits.ts'
import { instructionOperations } from './dispatch/instructions.ts'
import { liveReadingOperations } from './dispatch/live-readings.ts'
import { optimisationOperations } from './dispatch/optimisation.ts'
import { rehearsalOperations } from './dispatch/rehearsals.ts'
import { reserveOperations } from './dispatch/reserve.ts'
import { dispatchScheduleOperations } from './dispatch/schedules.ts'
import { alarmNoticeOperations, alarmOperations } from './grid/alarms.ts'
import { areaOperations } from './grid/areas.ts'
import { complianceOperations } from './grid/compliance.ts'
import { connectionOperations, standingOperations } from './grid/connections.ts'
import { exportOperations } from './grid/exports.ts'
import { feedOperations } from './grid/feeds.ts'
import { gatewayOperations } from './grid/gateway.ts'
import { groupOperations } from './grid/groups.ts'
import { hubOperations } from './grid/hubs.ts'
import { installationOperations } from './grid/installations.ts'
import { layoutOperations } from './grid/layouts.ts'
import { measurementOperations, monitorOperations } from './grid/measurements.ts'
import { headroomOperations, networkOperations } from './grid/network.ts'
import { networkMapOperations } from './grid/network-map.ts'
import { connectionDemandOperations, profileOperations, unitDemandOperations } from './grid/profiles.ts'
import { telemetryOperations } from './grid/telemetry.ts'
import { authorityOperations } from './market/authorities.ts'
import { contractOperations } from './market/contracts.ts'
import { customerSiteOperations } from './market/customers.ts'
import { gateOperations } from './market/gates.ts'
import { fspNoticeOperations } from './market/notices.ts'
import { partyOperations } from './market/parties.ts'
import { productOperations } from './market/products.ts'
import { requirementOperations } from './market/requirements.ts'
import { serviceToOthersOperations } from './market/services-to-others.ts'
import { submissionOperations } from './market/submissions.ts'
import { tenderOperations } from './market/tenders.ts'
import { timetableOperations } from './market/timetables.ts'
import { dataFeedOperations, historyFeedOperations } from './planning/data-feeds.ts'
import { demandEditionOperations } from './planning/demand-editions.ts'
import { demandFleetOperations } from './planning/demand-fleets.ts'
import { demandRunOperations } from './planning/demand-runs.ts'
import { dynamicLimitOperations } from './planning/dynamic-limits.ts'
import { loadOperations } from './planning/load.ts'
import { nodeTermsOperations } from './planning/node-terms.ts'
import { ownForecastOperations } from './planning/own-forecast.ts'
import { planAssetOperations } from './planning/sites/assets.ts'
import { planRunOperations } from './planning/sites/runs.ts'
import { portalOperations } from './portal/portal.ts'
import { baselineOperations } from './settlement/baselines.ts'
import { dailyReportOperations } from './settlement/daily-report.ts'
import { meteringOperations } from './settlement/metering.ts'
import { reliabilityOperations } from './settlement/reliability.ts'
import { disputeOperations, settlementTermsOperations, statementOperations } from './settlement/statements.ts'

/** Every operation of the DNO's API, by group. The server binds each group; one that it does not bind does not compile. */
export const operationGroups = {
  sessions: sessionOperations,
  ownAccount: ownAccountOperations,
  accounts: accountOperations,
  clients: clientOperations,
  audit: auditOperations,
  customers: customerOperations,
  dataProviders: dataProviderOperations,
  proposals: proposalOperations,
  settings: settingOperations,
  portal: portalOperations,
  network: networkOperations,
  networkMap: networkMapOperations,
  areas: areaOperations,
  layouts: layoutOperations,
  connections: connectionOperations,
  groups: groupOperations,
  headroom: headroomOperations,
  applications: profileOperations,
  demandSchedules: connectionDemandOperations,
  measurements: measurementOperations,
  telemetry: telemetryOperations,
  exports: exportOperations,
  hubs: hubOperations,
  installations: installationOperations,
  monitors: monitorOperations,
  gateways: gatewayOperations,
  standing: standingOperations,
  compliance: complianceOperations,
  alarms: alarmOperations,
  notices: alarmNoticeOperations,
  feeds: feedOperations,
  load: loadOperations,
  nodeTerms: nodeTermsOperations,
  ownForecasts: ownForecastOperations,
  dynamicLimits: dynamicLimitOperations,
  demandEditions: demandEditionOperations,
  demandRuns: demandRunOperations,
  planAssets: planAssetOperations,
  planRuns: planRunOperations,
  demandFleets: demandFleetOperations,
  dataFeeds: dataFeedOperations,
  historyFeeds: historyFeedOperations,
  authorities: authorityOperations,
  parties: partyOperations,
  unitDemandSchedules: unitDemandOperations,
  products: productOperations,
  requirements: requirementOperations,
  tenders: tenderOperations,
  contracts: contractOperations,
  submissions: submissionOperations,
  scheduleGates: gateOperations,
  servicesToOthers: serviceToOthersOperations,
  fspNotices: fspNoticeOperations,
  customerSites: customerSiteOperations,
  dispatchSchedules: dispatchScheduleOperations,
  optimisations: optimisationOperations,
  choices: choiceOperations,
  rehearsals: rehearsalOperations,
  experiments: experimentOperations,
  instructions: instructionOperations,
  liveReadings: liveReadingOperations,
  importLimits: importLimitOperations,
  emergency: emergencyOperations,
  timetable: timetableOperations,
  board: boardOperations,
  delivery: deliveryOperations,
  reserve: reserveOperations,
  metering: meteringOperations,
  baselines: baselineOperations,
  statements: statementOperations,
  disputes: disputeOperations,
  settlementTerms: settlementTermsOperations,
  dailyReports: dailyReportOperations,
  reliability: reliabilityOperations,
}
export type OperationGroups = typeof operationGroups

/** `A & B` of `A | B`. */
type Merged<U> = (U extends unknown ? (member: U) => void : never) extends (merged: infer M) => void ? M : never

/** Every operation of the DNO's API under its own name, for clients. No two groups share a name (operations.test.ts). */
export const operations = Object.assign({}, ...Object.values(operationGroups)) as Merged<
  OperationGroups[keyof OperationGroups]
>
