import { Instant } from '@js-joda/core'
import type { Clock } from '../../platform/clock/index.ts'
import type { FspContext } from '../app/context.ts'
import { isSignOfCharge, signOf } from './endings.ts'
import type { Used } from './forms.ts'
import type { Answer, MessageHandlers, MessageListeners, MessageParts } from './message-handlers.ts'
import { judge } from './meter-values.ts'
import { otherSocketsWith } from './same-token.ts'
import { energyAndPower } from './samples.ts'
import { believedInstant } from './stamps.ts'
import { takeStatus } from './statuses.ts'
import { registerReading, statusChange } from './tables.ts'
import type { Start } from './transactions.ts'
import { addSample, type Connector, type Unit } from './units.ts'
import { GroupWriter } from './writer.ts'

type ChargingMessage = 'StatusNotification' | 'StartTransaction' | 'MeterValues' | 'StopTransaction'

/** What is said of a start, whatever the version of OCPP. */
export type StartSaid = Omit<Used<'StartTransaction'>, 'meterStart'> & Pick<Start, 'meterStart' | 'unitTransactionId'>

/** What is done with what a charge point says of its connectors, their transactions and their registers, whatever it speaks. */
export interface ChargingHandlers extends Pick<MessageHandlers, Exclude<ChargingMessage, 'StartTransaction'>> {
  StartTransaction(unit: Unit, said: StartSaid): Promise<Answer<'StartTransaction'>>
}

/**
 * Takes in what a charge point says of its connectors, their transactions and their registers.
 * @param nameOf what its version of OCPP calls a message, for the record of faults.
 */
export function chargingHandlers(
  { db, clock }: FspContext,
  parts: MessageParts,
  listeners: MessageListeners,
  nameOf: (message: ChargingMessage) => string = (message) => message,
): ChargingHandlers {
  const { units, brands, transactions, faults } = parts
  const statuses = new GroupWriter(db, statusChange)
  const readings = new GroupWriter(db, registerReading)
  const read = (unit: Unit, connector: number, at: Instant, energyWh: number, powerW: number | null) =>
    readings.add({ identity: unit.identity, connector, at, receivedAt: clock.now(), energyWh, powerW })
  /** The time of a message, as far as it is believed. */
  const timeOf = async (unit: Unit, message: ChargingMessage, stamp: unknown) => {
    const { at, fault } = believedInstant(stamp, clock.now())
    if (fault) await faults.note(unit, nameOf(message), { field: 'timestamp', rule: fault })
    return { at, isStamped: fault === null }
  }
  const follow = statusFollower(transactions, listeners, clock)
  const now = () => clock.now()
  const take = meterTaker({ faults, transactions, listeners, read, now, name: nameOf('MeterValues') })

  return {
    async StatusNotification(unit, params) {
      unit.clock.see(params.timestamp, clock.now())
      // The stamp may be missing here.
      const { at } = await timeOf(unit, 'StatusNotification', params.timestamp ?? clock.now().toString())
      const said = statusSaid(params, at)
      const { connectorId: connector } = params
      await statuses.add({ identity: unit.identity, connector, receivedAt: clock.now(), ...said })
      const socket = await socketOf(listeners, unit, connector)
      if (socket) await follow(unit, socket, said)
      return {}
    },

    async StartTransaction(unit, params) {
      unit.clock.see(params.timestamp, clock.now())
      const time = await timeOf(unit, 'StartTransaction', params.timestamp)
      await socketOf(listeners, unit, params.connectorId)
      const { connectorId: connector, idTag } = params
      const authorisedAt = authorisedBefore(unit, idTag, time.at)
      const transactionId = await transactions.start(unit, { ...params, ...time, authorisedAt })
      await noteToken(parts, unit, connector, idTag)
      const isRefused = isFresh(time.at, clock.now()) && brands.refuses(units, idTag, { unit, connector })
      if (params.meterStart !== null) await read(unit, connector, time.at, params.meterStart, null)
      // Once the answer is on its way the unit may be sent limits for the charge.
      setImmediate(() => {
        transactions.noteTold(unit, transactionId)
        listeners.onTransaction(unit)
      })
      return { transactionId, idTagInfo: { status: isRefused ? 'ConcurrentTx' : 'Accepted' } }
    },

    async MeterValues(unit, used) {
      await take(unit, used)
      return {}
    },

    async StopTransaction(unit, params) {
      unit.clock.see(params.timestamp, clock.now())
      const { at } = await timeOf(unit, 'StopTransaction', params.timestamp)
      const registers = registersWith(params, clock.now())
      const meterStop = params.meterStop ?? registers.at(-1)?.energyWh
      const connector = await transactions.stop(unit, { ...params, meterStop, at })
      if (connector === null) return {}
      await Promise.all(registers.map((each) => read(unit, connector, each.at, each.energyWh, each.powerW)))
      if (meterStop !== undefined) await read(unit, connector, at, meterStop, 0)
      listeners.onTransaction(unit)
      return { idTagInfo: { status: 'Accepted' } }
    },
  }
}

/** A socket by its number; one that the unit was not known to have is looked for once more after it was told. */
async function socketOf({ onSocket }: MessageListeners, unit: Unit, number: number): Promise<Connector | undefined> {
  const find = () => unit.connectors.find(({ connector }) => connector === number)
  if (number > 0 && !find()) await onSocket(unit, number)
  return find()
}

/** Tells who began a charge, and where else their token charges; a charge without a token may still be shown one. */
async function noteToken(
  { arrivals, vehicles, units }: MessageParts,
  unit: Unit,
  connector: number,
  idTag: string,
): Promise<void> {
  if (idTag !== '') await arrivals.began(unit, idTag)
  await vehicles.shown(unit, connector, idTag)
  const others = idTag === '' ? [] : otherSocketsWith(units.all, idTag, { unit, connector })
  if (others.length > 0) await arrivals.twice({ unit, connector }, idTag, others)
}

/** A start that comes later than this is out of a backlog: its charge went on meanwhile, and nobody is refused any more. */
const freshMs = 2 * 60_000

function isFresh(at: Instant, now: Instant): boolean {
  return now.toEpochMilli() - at.toEpochMilli() <= freshMs
}

/** A token counts as shown for a charge if that was not long before: a driver plugs in within minutes. */
const authorisedForMs = 10 * 60_000

function authorisedBefore({ lastToken }: Unit, idTag: string, startAt: Instant): Instant | null {
  if (lastToken?.idTag !== idTag || startAt.toEpochMilli() - lastToken.atMs > authorisedForMs) return null
  return Instant.ofEpochMilli(lastToken.atMs)
}

/** The registers that come with a stop, in the order of their times. One without a time that is believed is left out: the stop has its own. */
function registersWith({ transactionData }: Used<'StopTransaction'>, now: Instant) {
  return transactionData
    .flatMap(({ timestamp, sampledValue }) => {
      const { at, fault } = believedInstant(timestamp, now)
      const { energyWh, powerW } = energyAndPower(sampledValue)
      return fault === null && energyWh !== null ? [{ at, energyWh, powerW }] : []
    })
    .sort((a, b) => a.at.compareTo(b.at))
}

function statusSaid({ status, errorCode, info, vendorErrorCode }: Used<'StatusNotification'>, at: Instant) {
  return {
    at,
    status,
    errorCode: errorCode ?? 'NoError',
    info: [info, vendorErrorCode].filter(Boolean).join(', ') || null,
  }
}

/** Follows a socket's status: what it says of the socket's charge, which may go on after its cable was out, be in doubt, or be over. */
function statusFollower(transactions: MessageParts['transactions'], listeners: MessageListeners, clock: Clock) {
  return async (unit: Unit, socket: Connector, said: Parameters<typeof takeStatus>[1]): Promise<void> => {
    const isAgain = socket.status !== 'Charging' && said.status === 'Charging'
    takeStatus(socket, said)
    const { transaction } = socket
    // Its cable was out meanwhile, and with it went our limit (report 3.3.3.1): it is told again.
    if (isAgain && transaction && unit.model.replug === 'goes-on') {
      socket.inForce = null
      listeners.onTransaction(unit)
    }
    if (!transaction || said.at.toEpochMilli() < transaction.startMs) return
    const sign = signOf(said.status)
    if (sign === 'doubted') transaction.doubtedMs ??= clock.now().toEpochMilli()
    if (sign === 'goes-on') transaction.doubtedMs = null
    if (sign !== 'over') return
    await transactions.endSeen(socket, said.at)
    listeners.onTransaction(unit)
  }
}

/** Takes in a message of meter values: stores its registers, and keeps the power and the register that are believed. */
function meterTaker(parts: {
  faults: MessageParts['faults']
  transactions: MessageParts['transactions']
  listeners: MessageListeners
  /** What the message is called. */
  name: string
  read: (unit: Unit, connector: number, at: Instant, energyWh: number, powerW: number | null) => Promise<void>
  now: () => Instant
}) {
  const { faults, transactions, listeners, read, now, name } = parts
  return async (unit: Unit, { connectorId, transactionId, meterValue }: Used<'MeterValues'>): Promise<void> => {
    const note = (field: string, rule: string) => faults.note(unit, name, { field, rule })
    const socket = unit.connectors.find((c) => c.connector === connectorId)
    if (!socket) return
    for (const { timestamp } of meterValue) unit.clock.see(timestamp, now())
    const dated = meterValue.map((each) => ({ ...each, ...believedInstant(each.timestamp, now()) }))
    const faulty = dated.filter(({ fault }) => fault !== null)
    if (faulty[0]?.fault) await note('meterValue[].timestamp', faulty[0].fault)
    // Readings without a time of their own all count as read now: the last of them is the newest.
    const usable = dated.filter((each) => each.fault === null || each === faulty.at(-1))
    await Promise.all(
      usable.map(async ({ at, sampledValue }) => {
        const figures = energyAndPower(sampledValue)
        const isFirst = socket.transaction?.isStartKnown === false
        const { powerW, registerFault } = judge(socket, at.toEpochMilli(), figures)
        if (powerW !== undefined) {
          addSample(socket, at.toEpochMilli(), powerW)
          await listeners.onMeter(socket, at.toEpochMilli(), powerW)
        }
        const { transaction } = socket
        if (isFirst) await transactions.noteStart(socket)
        const sign = { powerW: powerW ?? null, transactionId: transactionId ?? null }
        if (transaction && isSignOfCharge(socket, sign) && at.toEpochMilli() >= (transaction.doubtedMs ?? 0))
          transaction.doubtedMs = null
        if (registerFault) await note('Energy.Active.Import.Register', registerFault)
        if (figures.energyWh !== null) await read(unit, connectorId, at, figures.energyWh, powerW ?? null)
      }),
    )
  }
}
