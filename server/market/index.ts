export {
  findFsp,
  findUnit,
  listFlexibleUnits,
  listFsps,
  parties,
  serviceAt,
  serviceHistory,
  unitsDeclaredOut,
} from './parties/index.ts'
export { marketRoutes } from './routes.ts'
export { currentSubmissions, type SubmittedRow, submissionsBetween } from './submissions/index.ts'
export {
  type ContractTerm,
  contractedPeriods,
  isContracted,
  listContracts,
  termOf,
} from './tenders/index.ts'
