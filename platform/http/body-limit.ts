import type { Context, MiddlewareHandler } from 'hono'
import { bodyLimitOf, isFile, type Operation } from '../../schemas/vocabulary/operation.ts'
import { ProblemError } from './problems.ts'

/**
 * Bytes of bodies that are held in memory at one moment, over all requests of a process. A body is counted while its request is answered,
 * as text; parsed it takes a few times as much.
 */
const inFlightBytes = 128 * 1024 * 1024

/** A stated length up to this is counted at once: the client sends it in a packet or two, or holds back too little to matter. */
const smallBytes = 64 * 1024

/** Longest time that the rest of a body which is too long is waited for, real ms. */
const discardMs = 500

/** Counts the bytes that requests hold, and refuses those beyond a limit. */
export class BodyBudget {
  readonly #most: number
  #held = 0

  constructor(most: number = inFlightBytes) {
    this.#most = most
  }

  get held(): number {
    return this.#held
  }

  /** Throws a problem if too much is held already. */
  take(bytes: number): void {
    if (this.#held + bytes > this.#most)
      throw new ProblemError('unavailable', 'Too many large requests are in progress: try again in a moment.', {
        headers: { 'retry-after': '2' },
      })
    this.#held += bytes
  }

  give(bytes: number): void {
    this.#held -= bytes
  }
}

const budget = new BodyBudget()

/**
 * Bounds the body of an operation's requests, after the caller has been admitted and before anything is read (OWASP ASVS 5.0, 4.1.5 and
 * 15.2.2): by its stated length, otherwise by counting bytes as they pass. Nothing is buffered here.
 */
export function boundBody(stated: Operation, held: BodyBudget = budget): MiddlewareHandler {
  const most = bodyLimitOf(stated)
  const isStreamed = isFile(stated.body)
  return async (c, next) => {
    if (!stated.body) return next()
    const length = statedLength(c)
    if (length !== null && length > most) {
      if (length <= most * 2) await discard(c.req.raw.body, most)
      throw tooLarge(c, most)
    }
    // A file is read as it arrives, so it holds nothing, and the HTTP parser passes on no more than the stated length.
    if (isStreamed && length !== null) return next()
    const meter = new BodyMeter(isStreamed ? null : held, () => tooLarge(c, most), most)
    try {
      if (length !== null && length <= smallBytes) meter.count(length)
      else meter.watch(c)
      await next()
      // Readers of a body take a stream that breaks for a client that has gone, or for malformed JSON.
      if (meter.refusal && !c.res.ok) {
        await discard(meter.source, most)
        replaceAnswer(c, meter.refusal)
      }
    } finally {
      meter.release()
    }
  }
}

/**
 * Throws away the rest of a body that is only somewhat too long, so that the client reads the answer: one that is still sending when the
 * connection ends does not. A client that sends more than that, or slowly, is cut off.
 */
async function discard(body: ReadableStream<Uint8Array> | null, most: number): Promise<void> {
  if (!body || body.locked) return
  const reader = body.getReader()
  const timer = setTimeout(() => reader.releaseLock(), discardMs)
  try {
    for (let left = most; left > 0; ) {
      const { done, value } = await reader.read()
      if (done) break
      left -= value.length
    }
  } catch {
    // The client has gone, or its time is up.
  } finally {
    clearTimeout(timer)
    reader.releaseLock()
  }
}

/** The length that a request states; `null` for one in chunks. */
function statedLength(c: Context): number | null {
  const text = c.req.header('content-length')
  return text === undefined || c.req.header('transfer-encoding') !== undefined ? null : Number(text)
}

function replaceAnswer(c: Context, refusal: ProblemError): void {
  c.res = undefined
  c.res = refusal.toResponse(c.req.path)
}

/** Counts the bytes of one body. */
class BodyMeter {
  /** Why the body was refused while it was being read. */
  refusal: ProblemError | null = null
  /** What is watched. */
  source: ReadableStream<Uint8Array> | null = null
  readonly #held: BodyBudget | null
  readonly #tooLarge: () => ProblemError
  readonly #most: number
  #count = 0

  constructor(held: BodyBudget | null, tooLarge: () => ProblemError, most: number) {
    this.#held = held
    this.#tooLarge = tooLarge
    this.#most = most
  }

  /** Counts bytes, or throws the problem that refuses them. */
  count(bytes: number): void {
    if (this.#count + bytes > this.#most) throw this.#tooLarge()
    this.#held?.take(bytes)
    this.#count += bytes
  }

  /** Counts the body of a request as it is read. */
  watch(c: Context): void {
    const { body } = c.req.raw
    if (!body) return
    this.source = body
    const transform = (chunk: Uint8Array, controller: TransformStreamDefaultController<Uint8Array>) => {
      try {
        this.count(chunk.length)
        controller.enqueue(chunk)
      } catch (error) {
        if (error instanceof ProblemError) this.refusal = error
        throw error
      }
    }
    // What is over the limit is not cancelled, which would cut the connection and with it the answer.
    const counted = body.pipeThrough(new TransformStream<Uint8Array, Uint8Array>({ transform }), {
      preventCancel: true,
    })
    c.req.raw = new Request(c.req.raw, { body: counted, duplex: 'half' } as RequestInit)
  }

  release(): void {
    this.#held?.give(this.#count)
    this.#count = 0
  }
}

/** What is over the limit is not waited for: the connection ends with the answer. */
function tooLarge(c: Context, most: number): ProblemError {
  return new ProblemError(
    'too-large',
    `The body of ${c.req.method} ${c.req.path} may have at most ${most} bytes: send less at a time.`,
    { headers: { connection: 'close' } },
  )
}
