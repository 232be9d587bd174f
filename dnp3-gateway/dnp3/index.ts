/** DNP3 (IEEE 1815-2012) over TCP: masters and outstations. The only door to this folder. */
export { Backoff } from './app/backoff.ts'
export { type Measurement, MeasurementBatch } from './app/batch.ts'
export type { PointDescription } from './app/describe.ts'
export { type Fragment, parseFragment } from './app/fragment.ts'
export type { Attribute } from './app/free-format.ts'
export type { PassedOver } from './app/passed-over.ts'
export { readRecords } from './app/records.ts'
export type { Runtime, Timers, WireTap } from './app/runtime.ts'
export { type DecodedRecord, type DecodeOptions, decodeCapture } from './io/decode-capture.ts'
export { type DecodeEntry, type DecodeLayer, decodeTrace, formatEntry, formatFragment } from './io/decode-log.ts'
export {
  type Caller,
  listenTcpMaster,
  type MasterListener,
  type MasterListenerOptions,
  type TurnedAway,
} from './io/master-listener.ts'
export { CaptureError } from './io/pcap.ts'
export { DNP3_PORT } from './io/port.ts'
export { CaptureRecorder } from './io/recorder.ts'
export { connectTcpMaster, type TcpMasterOptions } from './io/tcp-master.ts'
export {
  connectTcpOutstation,
  createOutstation,
  listenTcpOutstation,
  type OutstationDialer,
  type OutstationListener,
  type TcpOutstationDialOptions,
  type TcpOutstationOptions,
} from './io/tcp-outstation.ts'
export { type TlsFiles, TlsIdentity, type TlsMaterial, type TlsOptions } from './io/tls.ts'
export type { Association, AssociationOptions, MeasurementHandler } from './master/association.ts'
export { type ChannelOptions, MasterChannel } from './master/channel.ts'
export type { ChannelState } from './master/channel-table.ts'
export type { AnalogControl, Control, ControlProcedure, RelayControl } from './master/commands.ts'
export type { AssociationCounters, AssociationNotice, Recovery } from './master/config.ts'
export type { Request } from './master/exchange.ts'
export type { Deadband, PointRange } from './master/management.ts'
export type { ReadHeader } from './master/operations.ts'
export type { Dnp3Error, Dnp3ErrorCode, Outcome, ResponseSummary } from './master/outcome.ts'
export type { Poll, PollOptions } from './master/polls.ts'
export type { AnalogCommand, Command, CommandHandler, CommandMode, RelayCommand } from './outstation/command.ts'
export type {
  AttributeValues,
  EventClass,
  OutstationOptions,
  PointConfig,
  UnsolicitedOptions,
} from './outstation/config.ts'
export type { OutstationCounters } from './outstation/counters.ts'
export type { EventMode, PointState, UpdateOptions } from './outstation/database.ts'
export type { ConfirmedEvent, EventCounters } from './outstation/events.ts'
export type { Outstation } from './outstation/outstation.ts'
export { ATTRIBUTE_NAMES } from './spec/attributes.ts'
export {
  CommandStatus,
  type CommandStatusName,
  commandStatusName,
  OPERATIONS,
  type Operation,
  TRIP_CLOSE,
  type TripClose,
} from './spec/control.ts'
export { Flag, isGoodQuality } from './spec/flags.ts'
export { FunctionCode } from './spec/functions.ts'
export { GROUPS, type PointType } from './spec/groups.ts'
export { complaintsIn } from './spec/iin.ts'
export { malformedFrames, type StationCounters } from './transport/station.ts'
