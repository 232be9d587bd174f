import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { type CutPoint, Fuse, type Way } from './fuse.ts'

/** Where a wire leads. */
export interface Target {
  readonly host: string
  readonly port: number
}

/**
 * A way over TCP whose address stays, whatever is behind it. Every message passes here, so that it can be cut between any two of them: what
 * the other side has got by then, and what it has not, is exactly what a process that died there leaves behind.
 */
export class TcpWire implements Way {
  readonly #server: Server
  readonly #pairs = new Map<Socket, Socket>()
  #isOpen = true
  /** Counts what is sent over it; several wires of a process may share one. */
  fuse = new Fuse()
  /** What is behind it; `null` while nothing is. */
  target: Target | null

  protected constructor(server: Server, target: Target | null) {
    this.#server = server
    this.target = target
    server.on('connection', (from) => this.#pass(from))
  }

  static async to(target: Target | null): Promise<TcpWire> {
    return new TcpWire(await listening(), target)
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  cutAt(point: CutPoint, reached: () => void): void {
    this.fuse.arm(point, () => {
      reached()
      this.cut()
    })
  }

  /** Cuts all connections; new ones are let through. */
  cut(): void {
    for (const [from, to] of this.#pairs) {
      from.resetAndDestroy()
      to.destroy()
    }
    this.#pairs.clear()
  }

  shut(): void {
    this.#isOpen = false
    this.cut()
  }

  /** Lets connections through again. */
  reopen(): void {
    this.#isOpen = true
  }

  async close(): Promise<void> {
    this.shut()
    const closed = once(this.#server, 'close')
    this.#server.close()
    await closed
  }

  #pass(from: Socket): void {
    from.on('error', () => undefined)
    const { target } = this
    if (!this.#isOpen || target === null) return void from.resetAndDestroy()
    const to = connect({ ...target, noDelay: true })
    to.on('error', () => from.resetAndDestroy())
    this.#pairs.set(from, to)
    from.on('data', (chunk) => {
      const reached = this.fuse.count()
      if (reached?.when === 'before') return reached.happen()
      to.write(chunk)
      if (reached) setImmediate(() => reached.happen())
    })
    to.on('data', (chunk) => from.write(chunk))
    from.on('close', () => {
      this.#pairs.delete(from)
      to.end()
    })
    to.on('close', () => from.destroy())
  }
}

/** A server on a free port of this machine. */
export async function listening(): Promise<Server> {
  const server = createServer({ noDelay: true })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}
