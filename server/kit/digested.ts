import { createHash, type Hash } from 'node:crypto'
import type { ReadableStream } from 'node:stream/web'
import type { Operation } from '../../schemas/vocabulary/operation.ts'
import type { Call } from './calls.ts'
import { digestOfData } from './idempotency.ts'

/** A body that is digested on its way to the verb. */
export class Digested {
  readonly body: unknown
  readonly #hash: Hash = createHash('sha256')
  readonly #rest: () => Promise<void>

  constructor({ params, query, body }: Call<Operation>) {
    if (!(body instanceof globalThis.ReadableStream)) {
      this.#hash.update(digestOfData({ params, query, body }))
      this.body = body
      this.#rest = async () => undefined
      return
    }
    this.#hash.update(digestOfData({ params, query }))
    const passing = (body as ReadableStream<Uint8Array>).pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform: (chunk, controller) => {
          this.#hash.update(chunk)
          controller.enqueue(chunk)
        },
      }) as never,
    ) as ReadableStream<Uint8Array>
    this.body = passing
    this.#rest = async () => {
      if (passing.locked) return
      for await (const _ of passing);
    }
  }

  /** Digest of everything that decides the effect; reads what the verb has left of the body. */
  async digest(): Promise<string> {
    await this.#rest()
    return this.#hash.copy().digest('hex')
  }
}
