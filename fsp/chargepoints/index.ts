export { Admissions } from './admission.ts'
export { chargePointApi } from './api.ts'
export { Boots } from './boots.ts'
export { Brands, brandApi } from './brands.ts'
export { type GatewayDoor, type RpcClient, startCentralSystem } from './central-system.ts'
export { chargingHandlers } from './charging-messages.ts'
export { passwordIn } from './claims.ts'
export { chargePointCommandApi } from './command-api.ts'
export { Credentials } from './credentials.ts'
export { dialectsOf } from './dialects.ts'
export { endDoubted } from './doubted.ts'
export { Faults } from './faults.ts'
export type { MessageListeners, MessageParts } from './message-handlers.ts'
export { sharedHandlers } from './messages.ts'
export type { OcppPort } from './ocpp-server.ts'
export {
  answerTimeoutMs,
  type CommandAnswer,
  type OcppCaller,
  type SentResult,
  type SocketLimit,
  type UnitCommand,
  type UnitLink,
} from './port.ts'
export { allowedLimitA, limitedW, reachWh, safeLimitA, socketState, socketW, volts } from './rules.ts'
export { SecurityEvents } from './security-events.ts'
export { type SentSetpoint, Setpoints } from './setpoints.ts'
export { loadStatuses } from './statuses.ts'
export { chargingTransaction, registerReading } from './tables.ts'
export { Transactions } from './transactions.ts'
export { unitOfDepot } from './unit-lookup.ts'
export { type Connector, type Unit, Units } from './units.ts'
export { Upkeep } from './upkeep.ts'
export { VehicleStatements } from './vehicle-statements.ts'
export { GroupWriter } from './writer.ts'
