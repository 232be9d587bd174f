import type { ReadableStream } from 'node:stream/web'
import { ProblemError, spool } from '../../platform/http/index.ts'
import type { Actor } from './actors.ts'
import type { ServerContext } from './context.ts'

/** How many uploads one process takes in at a time: of one FSP, gateway or person, and in all. */
export interface UploadLimits {
  ofOne: number
  inAll: number
}

/** An FSP sends its units' files a few at a time; four of them fill a server, whose disk then holds at most 8 GB of files. */
const usual: UploadLimits = { ofOne: 8, inAll: 32 }

/** When to try again, s: about as long as a long file takes. */
const retryAfterS = 30

/**
 * The uploads that a server is taking in. A body is read to its end before anything is asked of the database, so that a client that sends
 * slowly, or nothing, holds no connection; how many may do so is limited (OWASP ASVS 5.0, 5.2.1 and 13.1.2).
 */
export class Uploads {
  readonly #limits: UploadLimits
  readonly #open = new Map<string, number>()
  #all = 0

  constructor(limits = usual) {
    this.#limits = limits
  }

  /** Takes in a body, and passes it on whole. Answers 429 or 503, before anything is read, if there are too many uploads. */
  async take<T>(
    actor: Actor | null,
    body: () => ReadableStream<Uint8Array>,
    work: (body: ReadableStream<Uint8Array>) => Promise<T>,
  ): Promise<T> {
    const leave = this.#enter(senderOf(actor))
    try {
      const spooled = await spool(body())
      try {
        return await work(spooled.stream())
      } finally {
        await spooled.discard()
      }
    } finally {
      leave()
    }
  }

  #enter(sender: string): () => void {
    const own = this.#open.get(sender) ?? 0
    const headers = { 'retry-after': String(retryAfterS), connection: 'close' }
    if (own >= this.#limits.ofOne) {
      const detail = `${own} uploads of yours are in progress: send the next when one of them is done.`
      throw new ProblemError('too-many-requests', detail, { headers })
    }
    if (this.#all >= this.#limits.inAll) {
      const detail = `${this.#all} uploads are in progress: try again in ${retryAfterS} s.`
      throw new ProblemError('unavailable', detail, { headers })
    }
    this.#open.set(sender, own + 1)
    this.#all++
    return () => {
      const left = (this.#open.get(sender) ?? 1) - 1
      if (left > 0) this.#open.set(sender, left)
      else this.#open.delete(sender)
      this.#all--
    }
  }
}

/** Whose uploads count together: an FSP's client and its people are one sender. */
function senderOf(actor: Actor | null): string {
  if (!actor) return 'anyone'
  if (actor.kind === 'fsp') return `fsp ${actor.fspId}`
  if (actor.kind === 'person') return `person ${actor.accountId}`
  if (actor.kind === 'customer') return `customer ${actor.customerId}`
  if (actor.kind === 'provider') return `provider ${actor.providerId}`
  return actor.kind === 'gateway' ? `gateway ${actor.gatewayId}` : `system ${actor.name}`
}

/** The uploads of the server that a context belongs to, whichever pool it works on. */
export function uploadsOf(context: ServerContext): Uploads {
  const known = uploads.get(context.secrets) ?? new Uploads()
  uploads.set(context.secrets, known)
  return known
}

/** By the member that all contexts of one server share, and no other server has. */
const uploads = new WeakMap<ServerContext['secrets'], Uploads>()
