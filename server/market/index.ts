export { authorisedDays } from './authorities/index.ts'
export { marketBindings } from './bindings.ts'
export { addSites } from './customers/index.ts'
export { marketJobs } from './jobs.ts'
export { marketNames } from './names.ts'
export { oweFspNotices, sealedNoticeKeys, type Told } from './notices/index.ts'
export {
  type Capability,
  capabilityOf,
  derIdsOn,
  findFsp,
  findUnit,
  fspsAtConnections,
  listFlexibleUnits,
  listFsps,
  membersBetween,
  membersOn,
  pageOfUnits,
  sealedControlSecrets,
  serviceAt,
  serviceHistory,
  unitEquipment,
  unitsOutOfService,
  unitsThatExport,
  unitsWithExportLimit,
} from './parties/index.ts'
export { listProducts, noticesOf, type ProductRules, productsById } from './products/index.ts'
export { serviceSpans } from './services-to-others/index.ts'
export {
  currentSubmissions,
  type SubmittedRow,
  submissionRevisions,
  submissionsBetween,
} from './submissions/index.ts'
export {
  type ContractTerm,
  contractedPeriods,
  isContracted,
  listContracts,
  nodesOfContracts,
  pageOfContracts,
  termOf,
} from './tenders/index.ts'
export {
  daysAheadOf,
  dueAt,
  issueOf,
  type ProductTimetable,
  type Span,
  ticksBetween,
  ticksFor,
  timetableFor,
  timetableInForce,
  timetablesInForce,
  timetablesOf,
  wholeProduct,
  windowOf,
} from './timetables/index.ts'
