import { type IncomingMessage, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { RPCServer } from 'ocpp-rpc'
import { messageOf } from '../../platform/errors/index.ts'
import type { FspContext } from '../app/context.ts'
import type { Admissions } from './admission.ts'
import { type Dialect, type Subprotocol, subprotocols } from './dialect.ts'
import type { Faults } from './faults.ts'
import type { Fault } from './forms.ts'
import type { Ingestion } from './ingestion.ts'
import { type OcppPort, openOcppPort } from './ocpp-server.ts'
import type { OcppCaller } from './port.ts'
import type { Unit } from './units.ts'

export interface CentralSystem {
  /** `wss://192.0.2.1:7811/ocpp`; charge points append their identity. */
  readonly url: string
  close(): Promise<void>
}

/** A client as ocpp-rpc passes it; its published types omit most of this. */
interface Client extends RpcClient {
  session: Session
}

interface Session {
  unit?: Unit
  subprotocol?: Subprotocol
  gatewayId?: string
}

/** The same for whoever else comes by the port. */
export interface RpcClient extends OcppCaller {
  handle(action: string, handler: (call: { params?: unknown }) => Promise<object>): void
  handle(handler: (call: { method: string }) => Promise<object>): void
  on(event: 'close' | 'disconnect' | 'badMessage' | 'socketError', listener: (event: unknown) => void): void
}

/** How many messages a charge point may send that are not OCPP before it is disconnected. */
const maxBadMessages = 10
/** Largest message, bytes: meter values of a day in one message have about 20 kB. */
const maxPayload = 64 * 1024
/**
 * Calls that a charge point may have unanswered. OCPP-J 1.6, section 4.1.1 (2.0.1, part 4, section 4.1.1) allows one; with this bound its rate is that of our answers, and
 * a charge point that delivers a long backlog properly is never cut off.
 */
const maxUnanswered = 16

/** What the central system stands on. */
export interface CentralSystemParts {
  admissions: Admissions
  /** One for each version of OCPP. */
  dialects: Record<Subprotocol, Dialect>
  faults: Faults
  ingestion: Ingestion
  gatewayDoor: GatewayDoor
}

/** How gateways that serve several charge points come in. */
export interface GatewayDoor {
  /** The gateway that a request comes from; `null`: none that has proved it. */
  judge(request: IncomingMessage): Promise<string | null>
  attach(gatewayId: string, client: RpcClient): void
}

/** What gateways speak, and the beginning of their addresses. */
const gatewayProtocol = 'ringmain-route.1'
const gatewayPath = '/routes/'

/** A call that is answered with an error of OCPP-J (1.6 and 2.0.1, section 4.2.3). The library reads the code. */
class RefusedCall extends Error {
  override readonly name = 'RefusedCall'
  readonly rpcErrorCode: string
  readonly details = {}

  constructor(rpcErrorCode: string, message: string) {
    super(message)
    this.rpcErrorCode = rpcErrorCode
  }
}

/**
 * The central system of OCPP 1.6-J and 2.0.1: admits charge points that prove who they are, reads of every message what is used, notes where
 * the rest departs from the standard, and answers.
 */
export async function startCentralSystem(
  context: FspContext,
  parts: CentralSystemParts,
  address: OcppPort,
): Promise<CentralSystem> {
  const rpc = new RPCServer({
    protocols: [...subprotocols, gatewayProtocol],
    // Our own forms are strict with what is used (domain section 12); the library would refuse a whole message for any field.
    strictMode: false,
    callConcurrency: 1,
    callTimeoutMs: 10_000,
    deferPingsOnActivity: true,
    pingIntervalMs: 60_000,
    maxBadMessages,
    wssOptions: { maxPayload },
  })
  const admitted = new WeakMap<IncomingMessage, Session>()
  rpc.auth((accept, reject, { request }) => {
    const session = admitted.get(request)
    if (session) accept({ ...session }, session.subprotocol ?? gatewayProtocol)
    else reject(401, 'Unauthorized')
  })
  rpc.on('client', (client: Client) => {
    const { unit, subprotocol, gatewayId } = client.session
    if (gatewayId !== undefined) parts.gatewayDoor.attach(gatewayId, client)
    if (unit && subprotocol) attach(context, { unit, client, dialect: parts.dialects[subprotocol] }, parts)
  })
  const judge = async (request: IncomingMessage): Promise<Session | { status: number; headers: string[] }> => {
    if (!request.url?.startsWith(gatewayPath)) return parts.admissions.judge(request, server.profile)
    const gatewayId = await parts.gatewayDoor.judge(request)
    return gatewayId === null ? parts.admissions.refuseGateway(request) : { gatewayId }
  }
  const enter = async (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const decision = await judge(request)
    if ('status' in decision) return refuse(socket, decision)
    admitted.set(request, decision)
    // The library reads both again, and keeps them: it needs no password, and cannot decode every path.
    request.url = `/ocpp/${encodeURIComponent(decision.unit?.identity ?? decision.gatewayId ?? '')}`
    delete request.headers.authorization
    await rpc.handleUpgrade(request, socket as Socket, head)
  }
  const server = await openOcppPort(context, address, (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    enter(request, socket, head).catch((error) => {
      context.log.error({ reason: messageOf(error) }, 'a request for an OCPP connection failed')
      refuse(socket, { status: 500, headers: [] })
    })
  })
  return {
    url: server.url,
    async close() {
      await rpc.close({ code: 1001, awaitPending: false, force: true })
      await server.close()
    },
  }
}

/** Answers a request for a connection that is not granted, in the manner of HTTP/1.1, and closes it. */
function refuse(socket: Duplex, { status, headers }: { status: number; headers: readonly string[] }): void {
  const lines = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, 'Connection: close', 'Content-Length: 0', ...headers]
  socket.end(`${lines.join('\r\n')}\r\n\r\n`, () => socket.destroy())
}

/** A charge point's connection and the version of OCPP that it speaks. */
interface Line {
  unit: Unit
  client: Client
  dialect: Dialect
}

function attach(context: FspContext, line: Line, parts: CentralSystemParts): void {
  const { log } = context
  const { unit, client, dialect } = line
  const before = unit.link
  const link = dialect.link(unit, client, log)
  unit.link = link
  if (before) void before.close({ force: true }).catch(() => undefined)
  handleCalls(context, line, parts)
  client.handle(async ({ method }) => {
    await parts.faults.note(unit, method.slice(0, 100), { field: '', rule: 'is a message that we do not answer' })
    throw new RefusedCall('NotImplemented', `${method.slice(0, 100)} is not answered here`)
  })
  client.on('badMessage', (event) => {
    const { error } = event as { error?: unknown }
    log.warn({ identity: unit.identity, reason: messageOf(error) }, 'charge point message is no OCPP message')
  })
  const gone = () => {
    if (unit.link === link) unit.link = null
  }
  // A message that is too large is one of these; the library closes the connection.
  client.on('socketError', (error) =>
    log.warn({ identity: unit.identity, reason: messageOf(error) }, 'charge point link failed'),
  )
  client.on('disconnect', gone)
  client.on('close', gone)
}

function handleCalls(context: FspContext, { unit, client, dialect }: Line, parts: CentralSystemParts): void {
  const { clock, log } = context
  const { identity } = unit
  let unanswered = 0
  for (const action of dialect.actions)
    client.handle(action, async ({ params }) => {
      if (++unanswered > maxUnanswered) void client.close({ force: true }).catch(() => undefined)
      unit.lastHeardMs = clock.now().toEpochMilli()
      try {
        if (action !== 'BootNotification') await unit.introduced
        const reading = dialect.read(action, params)
        if (!reading.ok) throw new RefusedMessage(dialect.formError, reading.fault)
        const fault = dialect.fault(action, params)
        if (fault) await parts.faults.note(unit, action, fault)
        return await parts.ingestion.take(unit.depotId, () => dialect.answer(action, unit, reading.used))
      } catch (error) {
        if (error instanceof RefusedMessage)
          log.warn({ identity, action, ...error.fault }, 'charge point message cannot be used')
        else log.error({ err: error, identity, action }, 'handling a charge point message failed')
        throw error
      } finally {
        unanswered--
      }
    })
}

/** A message without something that is needed: its sender is told the field and the rule. */
class RefusedMessage extends RefusedCall {
  readonly fault: Fault

  constructor(code: string, fault: Fault) {
    super(code, `${fault.field}: ${fault.rule}`)
    this.fault = fault
  }
}
