import type { AddressInfo } from 'node:net'
import { Instant } from '@js-joda/core'
import { RPCClient, RPCServer } from 'ocpp-rpc'
import { messageOf } from '../../../platform/errors/index.ts'
import type { Log } from '../../../platform/log/index.ts'
import { type Random, randomOf } from '../common/random.ts'
import { answered, obey, type UnitCaller } from './obeying.ts'
import { said } from './saying.ts'

export interface GatewayOptions {
  /** The gateways that stand before the same charge points: two controllers of a site, or one back office. */
  gatewayIds: readonly string[]
  /** The FSP's port for charge points, `ws://127.0.0.1:7811`. */
  url: string
  password: (gatewayId: string) => string
  ca?: string
  nowMs: () => number
  log: Log
  seed: number
  /** What a message takes over the air, ms of real time, and the share of set points that are lost. */
  latencyMs?: number
  lossShare?: number
}

interface Uplink {
  readonly gatewayId: string
  client: RPCClient | null
  isHeld: boolean
}

interface Attached {
  caller: UnitCaller
  boot: Record<string, unknown>
}

/** A message of a charge point that waits for a gateway with a connection. */
interface Waiting {
  identity: string
  action: string
  params: object
}

const answerTimeoutMs = 10_000
/** The oldest go first when nobody takes them. */
const mostWaiting = 20_000

/**
 * Simulated gateways: to charge points they are the central system (OCPP 1.6), which admits every token; to the FSP they speak its own
 * messages (fsp/CONTRACTS.md). Gateways before the same charge points share the site's network, so that each can serve all.
 */
export class SimulatedGateways {
  readonly #options: GatewayOptions
  readonly #server = new RPCServer({ protocols: ['ocpp1.6'], strictMode: false, callTimeoutMs: answerTimeoutMs })
  readonly #uplinks: Uplink[]
  readonly #units = new Map<string, Attached>()
  readonly #random: Random
  #waiting: Waiting[] = []
  #passing: Promise<void> | null = null
  #sessions = 0
  #port = 0

  constructor(options: GatewayOptions) {
    this.#options = options
    this.#uplinks = options.gatewayIds.map((gatewayId) => ({ gatewayId, client: null, isHeld: false }))
    this.#random = randomOf(options.seed, 'gateway', ...options.gatewayIds)
    this.#server.on('client', (unit: UnitCaller) => this.#attach(unit))
  }

  /** Where its charge points connect. */
  get ocppUrl(): string {
    return `ws://127.0.0.1:${this.#port}/ocpp`
  }

  async listen(): Promise<void> {
    const server = await this.#server.listen(0, '127.0.0.1')
    this.#port = (server.address() as AddressInfo).port
  }

  /** Connects those without a connection, and says what has waited. A failure is tried again. */
  async connect(): Promise<void> {
    for (const uplink of this.#uplinks) if (!uplink.client && !uplink.isHeld) await this.#dial(uplink)
    this.#passOn()
    await this.settle()
  }

  /** Waits until the FSP has heard all that can be said to it. */
  async settle(): Promise<void> {
    while (this.#passing) await this.#passing
  }

  /** Cuts a gateway off and keeps it so, or lets it connect again. */
  async hold(gatewayId: string, isHeld: boolean): Promise<void> {
    const uplink = this.#uplinks.find((each) => each.gatewayId === gatewayId)
    if (!uplink) throw new Error(`there is no gateway ${gatewayId}`)
    uplink.isHeld = isHeld
    if (isHeld) await this.#hangUp(uplink)
    else await this.connect()
  }

  async close(): Promise<void> {
    await Promise.all(this.#uplinks.map((uplink) => this.#hangUp(uplink)))
    await this.#server.close({ force: true })
  }

  #attach(caller: UnitCaller): void {
    const { identity } = caller
    caller.handle(async ({ method, params }) => {
      // Only now is it known who it is and what it has.
      if (method === 'BootNotification') this.#introduce(caller, params)
      return this.#hear(identity, method, params)
    })
    caller.on('disconnect', () => {
      if (this.#units.get(identity)?.caller !== caller) return
      this.#units.delete(identity)
      this.#waiting.push({ identity, action: 'Unit', params: { identity, isReachable: false } })
      this.#passOn()
    })
  }

  #introduce(caller: UnitCaller, params: Record<string, unknown>): void {
    const { identity } = caller
    const { chargePointVendor: vendor, chargePointModel: model, firmwareVersion: firmware } = params
    const boot = { identity, isReachable: true, vendor, model, firmware }
    this.#units.set(identity, { caller, boot })
    this.#waiting.push({ identity, action: 'Unit', params: boot })
  }

  /** Answers a charge point itself, and passes on what it says. */
  #hear(identity: string, method: string, params: Record<string, unknown>): object {
    const currentTime = Instant.ofEpochMilli(this.#options.nowMs()).toString()
    const accepted = { idTagInfo: { status: 'Accepted' } }
    const transactionId = method === 'StartTransaction' ? ++this.#sessions : undefined
    for (const [action, given] of said(method, params, this.#sessionName(transactionId ?? params['transactionId'])))
      this.#waiting.push({ identity, action, params: { identity, ...given } })
    if (this.#waiting.length > mostWaiting) this.#waiting.shift()
    this.#passOn()
    if (method === 'BootNotification') return { status: 'Accepted', currentTime, interval: 300 }
    if (method === 'Heartbeat') return { currentTime }
    if (transactionId !== undefined) return { transactionId, ...accepted }
    return method === 'Authorize' || method === 'StopTransaction' ? accepted : {}
  }

  #sessionName(transactionId: unknown): string {
    return `${this.#options.gatewayIds[0]}-${this.#options.seed}-${transactionId}`
  }

  /**
   * Begins to say what waits, unless that is under way. A charge point has its answer before the FSP hears what it said: a limit for a
   * charge names the number that the charge point was just given.
   */
  #passOn(): void {
    this.#passing ??= new Promise<void>((resolve) => setImmediate(resolve))
      .then(() => this.#flush())
      .finally(() => {
        this.#passing = null
        if (this.#waiting.length > 0 && this.#connected().length > 0) this.#passOn()
      })
  }

  #connected(): Uplink[] {
    return this.#uplinks.filter(({ client }) => client !== null)
  }

  async #flush(): Promise<void> {
    for (let message = this.#waiting[0]; message; message = this.#waiting[0]) {
      const [uplink, ...others] = this.#connected()
      if (!uplink) return
      this.#waiting.shift()
      const { action, identity, params } = message
      try {
        await this.#call(uplink, action, params)
        // Each gateway says for itself what it reaches.
        if (action === 'Unit') for (const other of others) await this.#call(other, action, params)
      } catch (error) {
        this.#options.log.debug({ action, identity, reason: messageOf(error) }, 'a gateway’s message was refused')
        if (!uplink.client) this.#waiting.unshift(message)
      }
    }
  }

  async #call(uplink: Uplink, action: string, params: object): Promise<unknown> {
    if (!uplink.client) throw new Error('no connection')
    return uplink.client.call(action, params)
  }

  async #dial(uplink: Uplink): Promise<void> {
    const { url, password, ca, log } = this.#options
    const { gatewayId } = uplink
    const client = new RPCClient({
      identity: gatewayId,
      endpoint: `${url}/routes`,
      protocols: ['ringmain-route.1'],
      password: Buffer.from(password(gatewayId), 'hex'),
      strictMode: false,
      reconnect: false,
      callTimeoutMs: answerTimeoutMs,
      wsOpts: { handshakeTimeout: 5_000, ...(ca === undefined ? {} : { ca }) },
    } as unknown as ConstructorParameters<typeof RPCClient>[0])
    client.handle(async ({ method = '', params = {} }: { method?: string; params?: object }) =>
      this.#obey(method, params as Record<string, unknown>),
    )
    const lost = () => {
      if (uplink.client === client) uplink.client = null
    }
    client.on('disconnect', lost)
    client.on('close', lost)
    try {
      await client.connect()
      // It is told how its charge points are now, and not how they came and went while nobody listened.
      if (this.#connected().length === 0) this.#waiting = this.#waiting.filter(({ action }) => action !== 'Unit')
      uplink.client = client
      for (const { boot } of this.#units.values()) await this.#call(uplink, 'Unit', boot)
    } catch (error) {
      log.debug({ gatewayId, reason: messageOf(error) }, 'gateway has no connection')
      await client.close({ force: true })
    }
  }

  async #obey(method: string, params: Record<string, unknown>): Promise<object> {
    const { latencyMs = 0, lossShare = 0, nowMs } = this.#options
    if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs * (0.5 + this.#random())))
    const unit = this.#units.get(String(params['identity']))
    if (!unit) return answered('noAnswer')
    if (method === 'SetPoint' && this.#random() < lossShare) return answered('noAnswer')
    return obey(unit.caller, method, params, nowMs())
  }

  async #hangUp(uplink: Uplink): Promise<void> {
    const { client } = uplink
    uplink.client = null
    await client?.close({ force: true })
  }
}
