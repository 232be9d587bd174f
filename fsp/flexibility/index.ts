export { AgreedProfiles } from './agreed-profiles.ts'
export { type CountryOf, LicenceAreas } from './areas.ts'
export { Baselines } from './baselines.ts'
export { DeliveryReports } from './delivery-reports.ts'
export type { Equipment } from './delivery-rules.ts'
export { DnoApi, type DnoOutcome, outcomeOf, reasonOf } from './dno.ts'
export { type ControlDoor, openControlDoor, siteOf } from './door.ts'
export { Instructions, type Pending, type ReceivedInterval } from './instructions.ts'
export { Limits } from './limits.ts'
export { Registrar } from './registration.ts'
export { ServiceWatch } from './service-watch.ts'
export type { Site } from './sites.ts'
export {
  answeredTender,
  receivedInstruction,
  sealedDnoSecret,
  sealedOwnKey,
  submittedDay,
  unitChoice,
} from './tables.ts'
export { FlexUnits } from './units.ts'
