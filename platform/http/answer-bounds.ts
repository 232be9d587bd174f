/** What an answer may cost. */
export interface AnswerBounds {
  /** Most bytes of its body. Answers to single calls have a few kB; a caller that expects more states it. */
  readonly maxBytes: number
  /** Longest time from the call to the last byte, real ms: an answer that drips in may not hold its caller. */
  readonly deadlineMs: number
}

const defaults: AnswerBounds = { maxBytes: 256 * 1024, deadlineMs: 20_000 }

export function boundsWith({ maxBytes = defaults.maxBytes, deadlineMs = defaults.deadlineMs }: Partial<AnswerBounds>) {
  return { maxBytes, deadlineMs }
}

/** An answer was longer than its caller takes. */
class AnswerTooLong extends Error {
  override readonly name = 'AnswerTooLong'

  constructor(maxBytes: number) {
    super(`the answer is longer than ${maxBytes} bytes`)
  }
}

/** Ends a call when its caller's own signal does, at the latest at the deadline. */
export function deadlineOf(signal: AbortSignal | null, { deadlineMs }: AnswerBounds): AbortSignal {
  const deadline = AbortSignal.timeout(deadlineMs)
  return signal ? AbortSignal.any([signal, deadline]) : deadline
}

/** The same answer; reading its body fails with `AnswerTooLong` at the first byte too many, and the rest is not received. */
export function boundedAnswer(response: Response, { maxBytes }: AnswerBounds): Response {
  const { body, status, headers } = response
  if (!body) return response
  if (Number(headers.get('content-length') ?? 0) > maxBytes) {
    void body.cancel().catch(() => undefined)
    throw new AnswerTooLong(maxBytes)
  }
  let count = 0
  const counted = body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        count += chunk.length
        if (count > maxBytes) throw new AnswerTooLong(maxBytes)
        controller.enqueue(chunk)
      },
    }),
  )
  return new Response(counted, { status, headers })
}
