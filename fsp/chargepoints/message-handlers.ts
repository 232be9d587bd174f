import type { OCPP16 } from 'typed-ocpp'
import type { Arrivals } from '../registers/index.ts'
import type { Boots } from './boots.ts'
import type { Brands } from './brands.ts'
import type { Faults } from './faults.ts'
import type { Action, Used } from './forms.ts'
import type { SecurityEvents } from './security-events.ts'
import type { Transactions } from './transactions.ts'
import type { Connector, Unit, Units } from './units.ts'
import type { Upkeep } from './upkeep.ts'
import type { VehicleStatements } from './vehicle-statements.ts'

/** Called when something changes how a depot should share its current. */
export interface MessageListeners {
  /** A charge point has introduced itself and waits for its limits. */
  onBoot(unit: Unit): Promise<void>
  onTransaction(unit: Unit): void
  /** A socket's power was read; `null`: the reading is no use. */
  onMeter(socket: Connector, atMs: number, powerW: number | null): Promise<void>
  /** A charge point states that somebody else limits a socket (0: all), or no longer does. */
  onForeignLimit(unit: Unit, connector: number, isLimited: boolean): void
  /** A charge point reports another firmware than before. */
  onFirmware(unit: Unit): void
  /** A charge point speaks of a socket that it is not known to have. */
  onSocket(unit: Unit, socket: number): Promise<void>
}

export interface MessageParts {
  units: Units
  brands: Brands
  transactions: Transactions
  securityEvents: SecurityEvents
  faults: Faults
  boots: Boots
  arrivals: Arrivals
  upkeep: Upkeep
  vehicles: VehicleStatements
}

/** The answer that each message gets. */
type Answers = {
  BootNotification: OCPP16.BootNotificationResponse
  Heartbeat: OCPP16.HeartbeatResponse
  StatusNotification: OCPP16.StatusNotificationResponse
  Authorize: OCPP16.AuthorizeResponse
  StartTransaction: OCPP16.StartTransactionResponse
  MeterValues: OCPP16.MeterValuesResponse
  StopTransaction: OCPP16.StopTransactionResponse
  SecurityEventNotification: OCPP16.SecurityEventNotificationResponse
  DataTransfer: OCPP16.DataTransferResponse
  FirmwareStatusNotification: OCPP16.FirmwareStatusNotificationResponse
  DiagnosticsStatusNotification: OCPP16.DiagnosticsStatusNotificationResponse
  LogStatusNotification: OCPP16.LogStatusNotificationResponse
  SignedFirmwareStatusNotification: OCPP16.SignedFirmwareStatusNotificationResponse
}

export type Answer<A extends Action> = Answers[A]

/** What answers each message of a unit. */
export type MessageHandlers = { [A in Action]: (unit: Unit, used: Used<A>) => Promise<Answers[A]> }
