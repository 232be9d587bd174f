import rhea, { type Connection, type Delivery, type EventContext } from 'rhea'
import type { TransportOf } from '../../../schemas/fsp/feeds/transports.ts'

/** Messages that wait for us at most: what is not taken yet stays with the supplier. */
const creditWindow = 500
const idleTimeoutMs = 60_000

/** What a stream calls back with. */
export interface StreamListeners {
  /** Messages that arrived together. They are taken or kept when it resolves; when it rejects, they are sent again. */
  onMessages(messages: readonly unknown[]): Promise<void>
  /** The line is down; nothing more comes from this stream. */
  onEnd(reason: string): void
}

/** An open stream of messages. */
export interface Stream {
  close(): void
}

interface Waiting {
  body: unknown
  delivery: Delivery
  giveBack(): void
}

/**
 * Opens an AMQP 1.0 stream. A message is acknowledged when it has been stored, and given back when it could not be: the supplier's queue
 * keeps it meanwhile. The stream does not mend itself: its owner opens another one, by its own clock.
 */
export function openAmqp(
  { host, port, isTls, username, address }: TransportOf<'amqp'>,
  password: string | null,
  listeners: StreamListeners,
): Stream {
  const container = rhea.create_container({ id: 'ringmain-fsp' })
  let waiting: Waiting[] = []
  let isEnded = false
  let connection: Connection | null = null
  const end = (reason: string) => {
    if (isEnded) return
    isEnded = true
    connection?.close()
    listeners.onEnd(reason)
  }
  const pass = async () => {
    const all = waiting
    waiting = []
    try {
      await listeners.onMessages(all.map(({ body }) => body))
      for (const { delivery } of all) delivery.accept()
    } catch (error) {
      // Not modified in any way: it is the same message, to be sent again.
      for (const { giveBack } of all) giveBack()
      end(error instanceof Error ? error.message : String(error))
    }
  }
  container.on('message', ({ message, delivery }: EventContext) => {
    if (!delivery) return
    if (waiting.length === 0) setImmediate(() => void pass())
    waiting.push({
      body: bodyOf(message?.body),
      delivery,
      giveBack: () => delivery.release({ delivery_failed: false }),
    })
  })
  const sayWhy = (what: string) => (context: EventContext) => {
    const error = context.error ?? context.connection?.error ?? context.receiver?.error
    end(error ? `${what}: ${reasonOf(error)}` : what)
  }
  container.on('connection_error', sayWhy('the AMQP server refused the connection'))
  container.on('receiver_error', sayWhy(`the AMQP server refused the address ${address}`))
  container.on('receiver_close', sayWhy(`the AMQP server closed the address ${address}`))
  container.on('connection_close', sayWhy('the AMQP server closed the connection'))
  container.on('disconnected', sayWhy(`the AMQP server ${host}:${port} cannot be reached`))
  connection = container.connect({
    host,
    port,
    reconnect: false,
    idle_time_out: idleTimeoutMs,
    ...(isTls ? { transport: 'tls', servername: host, rejectUnauthorized: true } : { transport: 'tcp' }),
    ...(username === undefined ? {} : { username, password: password ?? '' }),
  } as Parameters<typeof container.connect>[0])
  connection.open_receiver({
    source: { address },
    credit_window: creditWindow,
    autoaccept: false,
    // Settled only when we have said what became of it.
    rcv_settle_mode: 0,
  })
  return {
    close() {
      isEnded = true
      connection?.close()
    },
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Error) return error.message
  const { description, condition } = error as { description?: string; condition?: string }
  return description ?? condition ?? String(error)
}

/** The content of a message: suppliers send JSON as text, as bytes, or as AMQP's own maps. */
function bodyOf(body: unknown): unknown {
  const content = (body as { content?: unknown } | null)?.content ?? body
  const bytes = Buffer.isBuffer(content) ? content.toString('utf8') : content
  if (typeof bytes !== 'string') return bytes ?? null
  try {
    return JSON.parse(bytes)
  } catch {
    return bytes
  }
}
