import { once } from 'node:events'
import { Agent, createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Fuse } from './fuse.ts'

/** A request on its way, with its body in full. */
export interface Message {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

/** What came back. */
export interface Reply {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

/** What becomes of a message; `null`: its sender's connection breaks. `forward` passes it on, as often as it is called. */
export type Fate = (message: Message, forward: (message: Message) => Promise<Reply | null>) => Promise<Reply | null>

const untouched: Fate = (message, forward) => forward(message)

/** An address of a wire for one process, which ends with it. */
export interface Door {
  readonly url: string
  /** Breaks all connections and lets none through any more. */
  shut(): void
  close(): Promise<void>
}

/** The way to an HTTP server, or to several that take turns, whose address stays while those behind it die and are started again elsewhere. */
export class HttpWire {
  readonly #server: Server
  readonly #agent = new Agent({ keepAlive: false })
  /** The ports behind; none while nobody is there. */
  targets: readonly number[] = []
  #turn = 0
  fate: Fate = untouched

  private constructor(server: Server) {
    this.#server = server
    const fuse = new Fuse()
    server.on('request', (asked, answer) => void this.#pass(asked, answer, fuse))
  }

  static async open(): Promise<HttpWire> {
    return new HttpWire(await listening())
  }

  get url(): string {
    return urlOf(this.#server)
  }

  close(): Promise<void> {
    return close(this.#server)
  }

  /** Opens another address of this wire, whose messages a fuse counts. */
  async door(fuse: Fuse): Promise<Door> {
    const server = await listening()
    let isOpen = true
    server.on('request', (asked, answer) => {
      if (isOpen) void this.#pass(asked, answer, fuse)
      else asked.socket.resetAndDestroy()
    })
    return {
      url: urlOf(server),
      shut: () => {
        isOpen = false
        server.closeAllConnections()
      },
      close: () => close(server),
    }
  }

  /** Passes a message on to the server whose turn it is; `null` if it does not answer. */
  forward = ({ method, path, headers, body }: Message): Promise<Reply | null> => {
    const port = this.targets[this.#turn++ % Math.max(this.targets.length, 1)]
    if (port === undefined) return Promise.resolve(null)
    return new Promise((resolve) => {
      const outgoing = request(
        { host: '127.0.0.1', port, method, path, headers, agent: this.#agent },
        async (answer) => {
          resolve({ status: answer.statusCode ?? 502, headers: answer.headers, body: await bodyOf(answer) })
        },
      )
      outgoing.on('error', () => resolve(null))
      outgoing.end(body)
    })
  }

  async #pass(asked: IncomingMessage, answer: ServerResponse, fuse: Fuse): Promise<void> {
    const { method = 'GET', url: path = '/', headers } = asked
    const body = await bodyOf(asked).catch(() => null)
    if (body === null) return
    const reached = fuse.count()
    if (reached?.when === 'before') return reached.happen()
    const reply = await this.fate({ method, path, headers, body }, this.forward).catch(() => null)
    reached?.happen()
    if (!reply || asked.socket.destroyed) return void asked.socket.resetAndDestroy()
    const { 'transfer-encoding': _, connection: __, ...rest } = reply.headers
    answer
      .writeHead(reply.status, { ...rest, 'content-length': reply.body.length, connection: 'close' })
      .end(reply.body)
  }
}

async function listening(): Promise<Server> {
  const server = createServer({ keepAliveTimeout: 1_000 })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}

async function bodyOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
