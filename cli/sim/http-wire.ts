import { once } from 'node:events'
import { Agent, createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

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

/** The way to one HTTP server, whose address stays while the server behind it dies and is started again elsewhere. */
export class HttpWire {
  readonly #server: Server
  readonly #agent = new Agent({ keepAlive: false })
  /** The port behind; `null` while nobody is there. */
  target: number | null = null
  fate: Fate = untouched

  private constructor(server: Server) {
    this.#server = server
    server.on('request', (asked, answer) => void this.#pass(asked, answer))
  }

  static async open(): Promise<HttpWire> {
    const server = createServer({ keepAliveTimeout: 1_000 })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new HttpWire(server)
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeAllConnections()
    await closed
  }

  /** Passes a message on to the server that is there now; `null` if none answers. */
  forward = ({ method, path, headers, body }: Message): Promise<Reply | null> => {
    const port = this.target
    if (port === null) return Promise.resolve(null)
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

  async #pass(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const { method = 'GET', url: path = '/', headers } = asked
    const reply = await bodyOf(asked)
      .then((body) => this.fate({ method, path, headers, body }, this.forward))
      .catch(() => null)
    if (!reply) return void asked.socket.resetAndDestroy()
    const { 'transfer-encoding': _, connection: __, ...rest } = reply.headers
    answer
      .writeHead(reply.status, { ...rest, 'content-length': reply.body.length, connection: 'close' })
      .end(reply.body)
  }
}

async function bodyOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
