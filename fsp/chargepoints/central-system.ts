import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { RPCServer } from 'ocpp-rpc'
import { codeOf, messageOf, StartupError } from '../../platform/errors/index.ts'
import type { FspContext } from '../app/context.ts'
import type { MessageHandlers } from './messages.ts'
import type { Unit, UnitLink, Units } from './units.ts'

export interface CentralSystem {
  /** `ws://127.0.0.1:7811/ocpp`; charge points append their identity. */
  readonly url: string
  close(): Promise<void>
}

/** A client as ocpp-rpc passes it; its published types omit most of this. */
interface Client extends UnitLink {
  identity: string
  handle(action: string, handler: (call: { params?: unknown }) => Promise<object>): void
  on(event: 'close' | 'disconnect' | 'strictValidationFailure', listener: (event: unknown) => void): void
  close(options: { code?: number; force?: boolean }): Promise<unknown>
}

/** How many messages a charge point may send that are not OCPP before it is disconnected. */
const maxBadMessages = 10

/** The OCPP 1.6-J central system: accepts known charge points, checks every message against the schemas, and answers. */
export async function startCentralSystem(
  context: FspContext,
  units: Units,
  handlers: MessageHandlers,
  address: { host: string; port: number },
): Promise<CentralSystem> {
  const rpc = new RPCServer({
    protocols: ['ocpp1.6'],
    strictMode: true,
    callConcurrency: 1,
    callTimeoutMs: 10_000,
    deferPingsOnActivity: true,
    pingIntervalMs: 60_000,
    maxBadMessages,
    wssOptions: { maxPayload: 1024 * 1024 },
  })
  rpc.auth((accept, reject, handshake) => {
    const known = handshake.endpoint === '/ocpp' && units.find(handshake.identity)
    if (known) accept({})
    else reject(404, 'Unknown charge point')
  })
  rpc.on('client', (client: Client) => {
    const unit = units.find(client.identity)
    if (unit) attach(context, unit, client, handlers)
  })
  const server = createServer((_request, response) => response.writeHead(404).end())
  server.on('upgrade', rpc.handleUpgrade)
  await bind(server, address)
  const { port } = server.address() as AddressInfo
  return {
    url: `ws://${address.host}:${port}/ocpp`,
    async close() {
      await rpc.close({ code: 1001, awaitPending: false, force: true })
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

function attach(context: FspContext, unit: Unit, client: Client, handlers: MessageHandlers): void {
  const { clock, log } = context
  const before = unit.link as Client | null
  unit.link = client
  if (before) void before.close({ force: true }).catch(() => undefined)
  for (const action of Object.keys(handlers) as (keyof MessageHandlers)[])
    client.handle(action, async ({ params }) => {
      unit.lastHeardMs = clock.now().toEpochMilli()
      if (action !== 'BootNotification') await unit.introduced
      try {
        return await handlers[action](unit, params as never)
      } catch (error) {
        log.error({ err: error, identity: unit.identity, action }, 'handling a charge point message failed')
        throw error
      }
    })
  client.on('strictValidationFailure', (event) => {
    const { error } = event as { error?: unknown }
    log.warn({ identity: unit.identity, reason: messageOf(error) }, 'charge point message breaks the OCPP schema')
  })
  const gone = () => {
    if (unit.link === client) unit.link = null
  }
  client.on('disconnect', gone)
  client.on('close', gone)
}

async function bind(server: ReturnType<typeof createServer>, { host, port }: { host: string; port: number }) {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, host, () => resolve())
    })
  } catch (error) {
    const why = codeOf(error) === 'EADDRINUSE' ? 'is in use' : `cannot be opened (${messageOf(error)})`
    throw new StartupError(`Port ${port} on ${host}, for charge points, ${why}: choose another with --ocpp-port.`)
  }
}
