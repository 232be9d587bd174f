import { RPCClient } from 'ocpp-rpc'
import type { OCPP16 } from 'typed-ocpp'
import { messageOf } from '../../../platform/errors/index.ts'
import type { Log } from '../../../platform/log/index.ts'
import { count, type OcppCounts } from '../common/tally.ts'
import { Backlog } from './backlog.ts'
import type { Handler } from './handler.ts'
import type { Speech, Spoken } from './speech.ts'

/** Time limit for a central system's answer or handshake; after it the link counts as dead. */
const answerTimeoutMs = 20_000
const handshakeTimeoutMs = 5_000

export interface LinkOptions {
  identity: string
  /** Address of the central system, without the identity. */
  ocppUrl: string
  /** The AuthorizationKey that the unit has now, in hexadecimal. */
  authorizationKey: () => string
  /** Authorities (PEM) that the central system's certificate must come from, if not the usual ones. */
  ca?: string
  /** The version of OCPP that it speaks. */
  speech: Speech
  counts: OcppCounts
  log: Log
  /** Commands of the central system by action. */
  handlers: Record<string, Handler>
  /** The first message on every connection, as with most units in the field. */
  boot: () => OCPP16.BootNotificationRequest
  /** Queues the unit's messages after it has been accepted. */
  onAccepted: (answer: OCPP16.BootNotificationResponse) => void
}

/** A charge point's connection: one call at a time, in order, with a backlog while it is down. */
export class Link {
  readonly #options: LinkOptions
  #client: RPCClient | null = null
  #open = false
  #accepted = false
  #held = false
  readonly #backlog = new Backlog()
  #flushing: Promise<void> | null = null
  #connecting: Promise<void> | null = null
  #bootAgainMs = 0

  constructor(options: LinkOptions) {
    this.#options = options
  }

  /** Connected, and accepted by the central system. */
  get ready(): boolean {
    return this.#open && this.#accepted
  }

  /** Connects and sends BootNotification, unless it is connected or held down. A failure is not an error: it is tried again. */
  connect(atMs: number): Promise<void> {
    this.#connecting ??= this.#connect(atMs).finally(() => {
      this.#connecting = null
    })
    return this.#connecting
  }

  async #connect(atMs: number): Promise<void> {
    if (this.#held || this.ready || (this.#open && atMs < this.#bootAgainMs)) return
    try {
      if (!this.#open) await this.#dial()
      const answer = (await this.#say(
        this.#options.speech.say('BootNotification', this.#options.boot(), false),
      )) as OCPP16.BootNotificationResponse
      this.#accepted = answer.status === 'Accepted'
      // A unit that is not accepted tries again after the interval in the answer.
      this.#bootAgainMs = atMs + answer.interval * 1000
      if (this.#accepted) this.#options.onAccepted(answer)
    } catch (error) {
      this.#options.log.debug(
        { identity: this.#options.identity, reason: messageOf(error) },
        'charge point has no link',
      )
      await this.hangUp()
    }
    await this.flush()
  }

  /** Queues a message after those that wait. Without a link only messages about transactions are kept. */
  post(
    action: string,
    params: () => object | null,
    options: { keep?: boolean; onAnswer?: (answer: unknown) => void } = {},
  ): void {
    const keep = options.keep ?? false
    if (!keep && !this.ready) return
    this.#backlog.add({
      action,
      params,
      keep,
      isOffline: !this.ready,
      ...(options.onAnswer ? { onAnswer: options.onAnswer } : {}),
    })
  }

  /** Sends the queue until it is empty or the link fails. */
  async flush(): Promise<void> {
    while (this.ready && this.#backlog.size > 0) {
      this.#flushing ??= this.#sendAll().finally(() => {
        this.#flushing = null
      })
      await this.#flushing
    }
  }

  /** Sends a request after the queue, and returns the answer; `null` without a link. */
  async ask(action: string, params: object): Promise<unknown> {
    let answer: unknown = null
    if (!this.ready) return answer
    this.post(action, () => params, { onAnswer: (given) => (answer = given) })
    await this.flush()
    return answer
  }

  /** Cuts the link, and keeps it down until `release`. */
  async hold(): Promise<void> {
    this.#held = true
    await this.hangUp()
  }

  release(): void {
    this.#held = false
  }

  /** Closes the link; it may be opened again at once. */
  async hangUp(): Promise<void> {
    const client = this.#client
    if (!client) return
    this.#lost(client)
    this.#client = null
    await client.close({ force: true })
  }

  async #dial(): Promise<void> {
    const { identity, ocppUrl, handlers, counts, authorizationKey, ca, speech } = this.#options
    const client = new RPCClient({
      identity,
      endpoint: ocppUrl,
      // The octets are the password, not their digits.
      password: Buffer.from(authorizationKey(), 'hex'),
      protocols: [speech.subprotocol],
      strictMode: true,
      reconnect: false,
      callTimeoutMs: answerTimeoutMs,
      callConcurrency: 1,
      deferPingsOnActivity: true,
      pingIntervalMs: 30_000,
      wsOpts: { handshakeTimeout: handshakeTimeoutMs, ...(ca === undefined ? {} : { ca }) },
    } as unknown as ConstructorParameters<typeof RPCClient>[0])
    for (const [action, handler] of Object.entries(speech.commands(handlers)))
      client.handle(action, async ({ params }: { params?: object }) => {
        count(counts.received, action)
        // An answer that came just before, in the same chunk perhaps, is taken in first: units do one thing after the other.
        await new Promise((resolve) => setImmediate(resolve))
        return handler(params as never)
      })
    client.on('disconnect', () => this.#lost(client))
    client.on('socketError', () => this.#lost(client))
    this.#client = client
    await client.connect()
    this.#open = this.#client === client
  }

  #lost(client: RPCClient): void {
    if (client !== this.#client) return
    this.#open = false
    this.#accepted = false
    this.#backlog.keepWhatMatters()
  }

  async #say(spoken: Spoken | null): Promise<unknown> {
    if (!this.#client) throw new Error('no link')
    if (!spoken) return null
    const answer = await this.#client.call(spoken.action, spoken.params)
    count(this.#options.counts.sent, spoken.action)
    return spoken.answer(answer)
  }

  async #sendAll(): Promise<void> {
    while (this.ready) {
      const message = this.#backlog.first
      if (!message) return
      try {
        const params = message.params()
        message.spoken ??= params && this.#options.speech.say(message.action, params, message.isOffline)
        const answer = params && (await this.#say(message.spoken))
        this.#backlog.remove(message)
        if (params && message.spoken) message.onAnswer?.(answer)
      } catch (error) {
        if (!isRefusal(error)) return await this.hangUp()
        this.#backlog.remove(message)
        count(this.#options.counts.refused, message.action)
        const { identity, log } = this.#options
        log.warn({ identity, action: message.action, reason: messageOf(error) }, 'the central system refused a message')
      }
    }
  }
}

/** Whether an error is the peer's answer or a schema violation in our message, rather than a failing link. */
function isRefusal(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'rpcErrorCode' in error
}
