import type { FspContext } from '../../app/context.ts'
import { type ChargingHandlers, chargingHandlers } from '../charging-messages.ts'
import type { Used } from '../forms.ts'
import type { MessageListeners, MessageParts } from '../message-handlers.ts'
import { otherSocketsWith } from '../same-token.ts'
import { energyAndPower } from '../samples.ts'
import type { Connector, OpenTransaction, Unit } from '../units.ts'
import { tokenIn, type Used201 } from './forms.ts'

type Event = Used201<'TransactionEvent'>

/** A socket's status in the words of OCPP 1.6, by the charging state of its transaction (OCPP 2.0.1, part 2, section 3.15). */
const statusOfState: Record<string, string> = {
  Charging: 'Charging',
  SuspendedEV: 'SuspendedEV',
  SuspendedEVSE: 'SuspendedEVSE',
  EVConnected: 'Preparing',
  Idle: 'Finishing',
}

/** Takes in the events of transactions, which are several messages of OCPP 1.6 in one, and the states of sockets. */
export class TransactionEvents {
  readonly #parts: MessageParts
  readonly #listeners: MessageListeners
  /** What faults in an event are recorded under its name, and faults in messages of their own under theirs. */
  readonly #charging: ChargingHandlers
  readonly #plain: ChargingHandlers
  /** Charges of which it has been told that nobody showed a token. */
  readonly #unknown = new WeakSet<OpenTransaction>()
  /** Charges whose token charges elsewhere already: their station is told so each time that it asks. */
  readonly #refused = new WeakSet<OpenTransaction>()

  constructor(context: FspContext, parts: MessageParts, listeners: MessageListeners) {
    this.#parts = parts
    this.#listeners = listeners
    this.#charging = chargingHandlers(context, parts, listeners, (message) =>
      message === 'StatusNotification' ? message : 'TransactionEvent',
    )
    this.#plain = chargingHandlers(context, parts, listeners)
  }

  async event(unit: Unit, given: Event): Promise<object> {
    const transactionId = await this.#numberOf(unit, given)
    const accepted = given.idToken ? { idTokenInfo: { status: 'Accepted' } } : {}
    if (transactionId === null) return accepted
    const socket = unit.connectors.find(({ transaction }) => transaction?.transactionId === transactionId)
    if (given.eventType === 'Ended') {
      await this.#end(unit, transactionId, given)
      return accepted
    }
    if (!socket) return accepted
    await this.#noteToken(unit, socket, transactionId, given)
    const { connector: connectorId } = socket
    if (given.meterValue.length > 0)
      await this.#charging.MeterValues(unit, { connectorId, transactionId, meterValue: given.meterValue })
    const status = statusOfState[given.transactionInfo.chargingState ?? '']
    if (status !== undefined) {
      const { timestamp } = given
      await this.#charging.StatusNotification(unit, { connectorId, status, errorCode: null, timestamp })
    }
    this.#listeners.onTransaction(unit)
    const isRefused = given.idToken && socket.transaction && this.#refused.has(socket.transaction)
    return isRefused ? { idTokenInfo: { status: 'ConcurrentTx' } } : accepted
  }

  async status(
    unit: Unit,
    { evseId: connectorId, status: stated, timestamp }: { evseId: number; status: string; timestamp: unknown },
  ): Promise<object> {
    const socket = unit.connectors.find(({ connector }) => connector === connectorId)
    return this.#plain.StatusNotification(unit, {
      connectorId,
      status: stated === 'Occupied' ? occupied(socket) : stated,
      errorCode: null,
      timestamp,
    })
  }

  meter(unit: Unit, used: Used<'MeterValues'>): Promise<object> {
    return this.#plain.MeterValues(unit, used)
  }

  /** Our number of the event's transaction, which begins where its start was lost; `null`: it says of no socket where it is. */
  async #numberOf(unit: Unit, event: Event): Promise<number | null> {
    const { transactionId: name } = event.transactionInfo
    const known = await this.#parts.transactions.numberOf(unit, name)
    const connectorId = event.evse ?? (unit.connectors.length === 1 ? 1 : null)
    if (known !== null || connectorId === null || connectorId === 0) return known
    const said = {
      connectorId,
      unitTransactionId: name,
      idTag: tokenIn(event.idToken) ?? '',
      meterStart: registersIn(event, 'Transaction.Begin').at(-1) ?? registersIn(event)[0] ?? null,
      timestamp: event.timestamp,
    }
    const { transactionId, idTagInfo } = await this.#charging.StartTransaction(unit, said)
    const { transaction } = unit.connectors.find(({ connector }) => connector === connectorId) ?? {}
    if (transaction && idTagInfo?.status === 'ConcurrentTx') this.#refused.add(transaction)
    return transactionId
  }

  async #noteToken(unit: Unit, socket: Connector, transactionId: number, event: Event): Promise<void> {
    const { transactions, arrivals, vehicles, brands, units } = this.#parts
    const shown = tokenIn(event.idToken)
    const { transaction } = socket
    if (shown && (await transactions.noteToken(socket, transactionId, shown))) {
      await arrivals.began(unit, shown)
      await vehicles.shown(unit, socket.connector, shown)
      const others = otherSocketsWith(units.all, shown, { unit, connector: socket.connector })
      if (others.length > 0) await arrivals.twice({ unit, connector: socket.connector }, shown, others)
      if (transaction && brands.refuses(units, shown, { unit, connector: socket.connector }))
        this.#refused.add(transaction)
    }
    const isCharging = event.transactionInfo.chargingState === 'Charging'
    if (transaction?.idTag !== '' || this.#unknown.has(transaction) || (shown !== '' && !isCharging)) return
    this.#unknown.add(transaction)
    await arrivals.began(unit, '')
  }

  async #end(unit: Unit, transactionId: number, given: Event): Promise<void> {
    const { timestamp, transactionInfo, meterValue: transactionData } = given
    const socket = unit.connectors.find(({ transaction }) => transaction?.transactionId === transactionId)
    if (socket) await this.#noteToken(unit, socket, transactionId, given)
    const meterStop = registersIn(given, 'Transaction.End').at(-1) ?? registersIn(given).at(-1) ?? null
    const stop = { transactionId, meterStop, idTag: null, reason: transactionInfo.stoppedReason, timestamp }
    await this.#charging.StopTransaction(unit, { ...stop, transactionData })
    if (socket && socket.status !== 'Available') socket.status = 'Finishing'
  }
}

/** What `Occupied` is in the words of OCPP 1.6: the state of its charge, the vehicle after it, or one that has just come. */
function occupied(socket: Connector | undefined): string {
  const before = socket?.status ?? ''
  if (socket?.transaction) return before === '' || before === 'Available' ? 'Preparing' : before
  return before === 'Finishing' ? 'Finishing' : 'Preparing'
}

/** The registers in an event's readings, Wh, in their order: those of a context, or all. */
function registersIn({ meterValue }: Event, context?: string): number[] {
  return meterValue.flatMap(({ sampledValue }) => {
    const own = sampledValue.filter((each) => context === undefined || contextOf(each) === context)
    return energyAndPower(own).energyWh ?? []
  })
}

function contextOf(sampled: unknown): string {
  return typeof sampled === 'object' && sampled !== null && 'context' in sampled ? String(sampled.context) : ''
}
