import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** Where a process is to lose its database: at its n-th message from now on, before it is passed on or after. */
export interface CutPoint {
  readonly messages: number
  readonly when: 'before' | 'after'
}

/**
 * The way of one process to PostgreSQL. Every message passes here, so that it can be cut between any two of them: what PostgreSQL has
 * got by then, and what it has not, is exactly what a process that died there leaves behind.
 */
export class DatabaseWire {
  readonly #server: Server
  readonly #target: { host: string; port: number }
  readonly #pairs = new Map<Socket, Socket>()
  #isOpen = true
  #armed: { left: number; when: CutPoint['when']; reached: () => void } | null = null

  private constructor(server: Server, target: { host: string; port: number }) {
    this.#server = server
    this.#target = target
    server.on('connection', (from) => this.#pass(from))
  }

  /** Opens a way to the server of a database URL. */
  static async open(databaseUrl: string): Promise<DatabaseWire> {
    const { hostname, port } = new URL(databaseUrl)
    const server = createServer({ noDelay: true })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new DatabaseWire(server, { host: hostname, port: Number(port || 5432) })
  }

  /** The same database by this way. */
  urlOf(databaseUrl: string): string {
    const url = new URL(databaseUrl)
    url.hostname = '127.0.0.1'
    url.port = String((this.#server.address() as AddressInfo).port)
    return url.toString()
  }

  /** Cuts all connections at a message to come, and calls `reached` then; new ones are let through unless `reached` closes the way. */
  cutAt({ messages, when }: CutPoint, reached: () => void): void {
    this.#armed = { left: messages, when, reached }
  }

  /** Cuts all connections; new ones are let through. */
  cut(): void {
    for (const [from, to] of this.#pairs) {
      from.resetAndDestroy()
      to.destroy()
    }
    this.#pairs.clear()
  }

  /** Cuts all connections and lets none through any more. */
  shut(): void {
    this.#isOpen = false
    this.cut()
  }

  async close(): Promise<void> {
    this.shut()
    const closed = once(this.#server, 'close')
    this.#server.close()
    await closed
  }

  #pass(from: Socket): void {
    from.on('error', () => undefined)
    if (!this.#isOpen) return void from.resetAndDestroy()
    const to = connect({ ...this.#target, noDelay: true })
    to.on('error', () => from.resetAndDestroy())
    this.#pairs.set(from, to)
    from.on('data', (chunk) => {
      const cut = this.#count()
      if (cut?.when === 'before') return this.#reach(cut)
      to.write(chunk)
      if (cut) setImmediate(() => this.#reach(cut))
    })
    to.on('data', (chunk) => from.write(chunk))
    from.on('close', () => {
      this.#pairs.delete(from)
      to.end()
    })
    to.on('close', () => from.destroy())
  }

  #count() {
    const armed = this.#armed
    if (!armed || --armed.left > 0) return null
    this.#armed = null
    return armed
  }

  #reach({ reached }: { reached: () => void }): void {
    reached()
    this.cut()
  }
}
