import type { Context } from 'hono'
import type { z } from 'zod'
import { type AnswerOf, isFile, type Operation } from '../../schemas/vocabulary/operation.ts'

/** A file as an answer; `name` is offered to the browser. A stream is asked for more only as fast as the caller takes it. */
export interface FileAnswer {
  content: string | Uint8Array | ReadableStream<Uint8Array>
  name?: string
}

/** An answer with headers in addition to those that follow from the operation. */
export class Reply<T> {
  readonly answer: T
  readonly headers: Record<string, string>

  constructor(answer: T, headers: Record<string, string>) {
    this.answer = answer
    this.headers = headers
  }
}

/** An answer that its caller may keep, and has to ask about before it uses it again. */
const askedAgain = { 'cache-control': 'private, no-cache' }

/** States that what the caller has, by its ETag, has not changed (304). */
export class NotModified {
  readonly headers: Record<string, string>

  constructor(version: string, headers: Record<string, string> = {}) {
    this.headers = { etag: `"${version}"`, ...askedAgain, ...headers }
  }
}

/** What a verb answers with: plain data, a file, nothing, or its own response for streams and redirects. */
export type Answer<O extends Operation> = O['answer'] extends z.ZodType
  ? AnswerOf<O>
  : O['answer'] extends { file: string }
    ? FileAnswer
    : O['answer'] extends { nothing: true }
      ? // biome-ignore lint/suspicious/noConfusingVoidType: a verb that answers nothing returns nothing
        void
      : Response

/** An answer in any form that a verb may return. */
export type Answered<O extends Operation> = Answer<O> | Reply<Answer<O>> | NotModified | Response

/** Turns a verb's answer into the response that its operation promises. */
export function respond(c: Context, stated: Operation, made: unknown): Response {
  if (made instanceof Response) return made
  if (made instanceof NotModified) return c.body(null, 304, made.headers)
  const [answer, headers] = made instanceof Reply ? [made.answer, made.headers] : [made, {}]
  if ('nothing' in stated.answer) return c.body(null, 204, headers)
  if (isFile(stated.answer)) return respondWithFile(c, stated.answer.file, answer as never, headers)
  const version = stated.versionedBy && (answer as Record<string, unknown> | null)?.[stated.versionedBy]
  return c.json(answer as object, 200, {
    ...(stated.conditional ? askedAgain : {}),
    ...(version === undefined || version === null || version === '' ? {} : { etag: `"${version}"` }),
    ...headers,
  })
}

function respondWithFile(
  c: Context,
  type: string,
  { content, name }: { content: string | Uint8Array<ArrayBuffer> | ReadableStream; name?: string },
  headers: Record<string, string>,
): Response {
  const safe = name?.replace(/[^A-Za-z0-9 ._-]/g, '_')
  return c.body(content, 200, {
    'content-type': type === 'text/csv' ? 'text/csv; charset=utf-8' : type,
    ...(safe === undefined ? {} : { 'content-disposition': `attachment; filename="${safe}"` }),
    ...headers,
  })
}
