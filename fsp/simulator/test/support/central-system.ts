import type { AddressInfo } from 'node:net'
import { RPCServer } from 'ocpp-rpc'
import type { Clock } from '../../../../platform/clock/index.ts'

/** A call that a charge point made. */
export interface SeenCall {
  identity: string
  action: string
  params: Record<string, unknown>
  /** Clock time at which it arrived. */
  at: string
}

interface Peer {
  identity: string
  call(action: string, params: object): Promise<Record<string, unknown>>
  handle(handler: (call: { method: string; params: Record<string, unknown> }) => object | Promise<object>): void
}

/** A bare central system over real websockets with strict schemas: it notes what it hears and answers kindly, unless told otherwise. */
export class CentralSystem {
  readonly calls: SeenCall[] = []
  /** Answers in place of the kind ones, by action. */
  readonly answers: Record<string, (params: Record<string, unknown>, peer: Peer) => object | Promise<object>> = {}
  readonly #clock: Clock
  readonly #server: RPCServer
  readonly #peers = new Map<string, Peer>()
  #transactions = 0
  port = 0

  constructor(clock: Clock) {
    this.#clock = clock
    this.#server = new RPCServer({ protocols: ['ocpp1.6'], strictMode: true })
    this.#server.on('client', (peer: Peer) => {
      this.#peers.set(peer.identity, peer)
      peer.handle(({ method, params }) => {
        this.calls.push({ identity: peer.identity, action: method, params, at: clock.now().toString() })
        return this.answers[method]?.(params, peer) ?? this.#kindAnswer(method)
      })
    })
  }

  async listen(port = 0): Promise<void> {
    const server = await this.#server.listen(port, '127.0.0.1')
    this.port = (server.address() as AddressInfo).port
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}/ocpp`
  }

  /** Gives a unit a command. */
  async command(identity: string, action: string, params: object): Promise<Record<string, unknown>> {
    const peer = this.#peers.get(identity)
    if (!peer) throw new Error(`${identity} is not connected`)
    return await peer.call(action, params)
  }

  /** Actions heard from a unit, in order, with the status where it is a StatusNotification. */
  heard(identity: string): string[] {
    return this.calls
      .filter((call) => call.identity === identity)
      .map(({ action, params }) =>
        action === 'StatusNotification' ? `${params['connectorId']} ${params['status']}` : action,
      )
  }

  async close(): Promise<void> {
    await this.#server.close({ force: true })
  }

  #kindAnswer(action: string): object {
    const accepted = { idTagInfo: { status: 'Accepted' } }
    switch (action) {
      case 'BootNotification':
        return { status: 'Accepted', currentTime: this.#clock.now().toString(), interval: 3600 }
      case 'Heartbeat':
        return { currentTime: this.#clock.now().toString() }
      case 'Authorize':
        return accepted
      case 'StartTransaction':
        return { transactionId: ++this.#transactions, ...accepted }
      default:
        return {}
    }
  }
}
