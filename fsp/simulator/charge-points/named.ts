import type { OCPP20 } from 'typed-ocpp'

/** A transaction as a unit of OCPP 2.0.1 names it. */
export interface Named {
  /** The unit's own, unique for all time. */
  readonly name: string
  readonly number: number
  readonly connectorId: number
  /** Of the next event. */
  seqNo: number
  chargingState: OCPP20.TransactionEventRequest['transactionInfo']['chargingState']
}
