import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type RunningGateway, startGateway } from '../../dnp3-gateway/index.ts'
import type { SimulatedClock } from '../../platform/clock/index.ts'
import type { Log } from '../../platform/log/index.ts'
import { gatewayClient } from './area.ts'
import { type CutPoint, Fuse, type Way } from './fuse.ts'
import type { Door, HttpWire } from './http-wire.ts'
import { ProcessClock } from './process-clock.ts'
import type { TcpWire } from './tcp-wire.ts'

/** How long a gateway waits for a hub, ms of real time: a silent one is to cost little, and one that is only slow is polled again. */
const link = { responseTimeoutMs: 400, connectTimeoutMs: 400 }

/** The ways of one gateway process to the server and to the hubs. */
export class FieldWay implements Way {
  readonly #fuse: Fuse
  readonly #door: Door
  readonly #hubs: readonly TcpWire[]

  private constructor(fuse: Fuse, door: Door, hubs: readonly TcpWire[]) {
    this.#fuse = fuse
    this.#door = door
    this.#hubs = hubs
    for (const wire of hubs) {
      wire.fuse = fuse
      wire.reopen()
    }
  }

  static async open(server: HttpWire, hubs: readonly TcpWire[]): Promise<FieldWay> {
    const fuse = new Fuse()
    return new FieldWay(fuse, await server.door(fuse), hubs)
  }

  get serverUrl(): string {
    return this.#door.url
  }

  /** `reached` shuts it. */
  cutAt(point: CutPoint, reached: () => void): void {
    this.#fuse.arm(point, reached)
  }

  shut(): void {
    for (const wire of this.#hubs) wire.shut()
    this.#door.shut()
  }

  async close(): Promise<void> {
    this.shut()
    await this.#door.close()
  }
}

/** The machine of the gateway: its disk outlives the process. */
export class GatewayMachine {
  readonly #folder: string
  #lives = 0

  /** @param folder its disk. */
  constructor(folder: string) {
    this.#folder = folder
    mkdirSync(this.#spool)
  }

  async start(given: { world: SimulatedClock; server: HttpWire; hubs: readonly TcpWire[]; log: Log }) {
    const [clock, way] = [new ProcessClock(given.world), await FieldWay.open(given.server, given.hubs)]
    const run = (): Promise<RunningGateway> =>
      startGateway({
        gatewayId: gatewayClient.clientId,
        serverUrl: way.serverUrl,
        ...gatewayClient,
        spoolFolder: this.#spool,
        link,
        clock,
        log: given.log,
      })
    return { clock, way, run }
  }

  /** What the disk holds at this instant is what the next process finds, whatever the one that has died in this process still writes. */
  leave(): void {
    const left = this.#spool
    this.#lives++
    cpSync(left, this.#spool, { recursive: true })
  }

  get #spool(): string {
    return join(this.#folder, `spool-${this.#lives}`)
  }
}
