import type { z } from 'zod'
import type { Access } from './access.ts'
import type { ProblemKind } from './problem.ts'

/** A file as a body or an answer, in place of JSON. `example` is a whole small file. */
export interface FileContent {
  readonly file: 'text/csv' | 'application/pdf'
  readonly example?: string
}

/** An answer without a body (204). */
export const nothing = { nothing: true } as const

/** An answer that is a stream of server-sent events, whose data are `event`. */
export interface EventStream {
  readonly events: z.ZodType
}

/** An answer that sends a browser elsewhere (302). */
export const redirect = { redirect: true } as const

export type AnswerShape = z.ZodType | FileContent | EventStream | typeof nothing | typeof redirect

/** A CSV file as a body. @param lines of the example. */
export function csvFile(...lines: string[]): { file: 'text/csv'; example?: string } {
  return lines.length > 0 ? { file: 'text/csv', example: `${lines.join('\r\n')}\r\n` } : { file: 'text/csv' }
}

/** A PDF as an answer. */
export const pdfFile = { file: 'application/pdf' } as const

/**
 * One operation of an API, stated once: the server binds a verb to it, clients call it, the OpenAPI document and the walk over
 * routes × callers × tenants are made of it.
 */
export interface Operation {
  readonly method: 'get' | 'post' | 'put' | 'delete'
  /** Below the API's base; parameters in braces. */
  readonly path: `/${string}`
  readonly access: Access
  readonly tags: readonly string[]
  readonly summary: string
  readonly description?: string
  /** A member for each parameter of the path. */
  readonly params?: z.ZodObject
  readonly query?: z.ZodObject
  /** A JSON document, or a file that is read as it arrives. */
  readonly body?: z.ZodType | FileContent
  readonly answer: AnswerShape
  /** Problems of its own, beside those that follow from its access rule and its contract. */
  readonly problems?: readonly ProblemKind[]
  /** It makes something: an `Idempotency-Key` makes sure that it is made once. `shownOnce` names secrets that a repeat answers with null. */
  readonly idempotent?: true | { readonly shownOnce: readonly string[] }
  /** The member of the answer that is its version. A read sends it as ETag; a change needs it in `If-Match`. */
  readonly versionedBy?: string
  /** What it changes may not exist yet: `If-None-Match: *` says so. */
  readonly mayCreate?: true
  /** With `If-None-Match` and the ETag of what is known: 304 while nothing has changed. */
  readonly conditional?: true
}

/** States an operation. Its type keeps each member, so that verbs and clients know exactly what goes in and out. */
export function operation<const O extends Operation>(stated: O): O {
  return stated
}

/** A set of operations under the names of their verbs. */
export type Operations = Readonly<Record<string, Operation>>

export function isFile(shape: unknown): shape is FileContent {
  return typeof shape === 'object' && shape !== null && 'file' in shape
}

/** Whether an operation changes nothing. */
export function isRead(stated: Pick<Operation, 'method'>): boolean {
  return stated.method === 'get'
}

/** The version that a change starts from: what the caller read, as its ETag says it; `null` for what does not exist yet. */
export type Version = string | number | null

type Output<S> = S extends z.ZodType ? z.output<S> : undefined
type Input<S> = S extends z.ZodType ? z.input<S> : undefined

/** What a verb is given of the path, the query and the body, as their schemas read them. */
export type ParamsOf<O> = O extends { params: infer S } ? Output<S> : undefined
export type QueryOf<O> = O extends { query: infer S } ? Output<S> : undefined
export type BodyOf<O> = O extends { body: infer S } ? Output<S> : undefined

/** What a successful call answers with; files as text or bytes. */
export type AnswerOf<O> = O extends { answer: infer A }
  ? A extends z.ZodType
    ? z.output<A>
    : A extends { file: 'text/csv' }
      ? string
      : A extends { file: string }
        ? Uint8Array
        : null
  : never

type Required<K extends string, O> = O extends { [k in K]: infer S } ? { [k in K]: Input<S> } : unknown
type OptionalWhenEmpty<K extends string, S> = object extends S ? { [k in K]?: S } : { [k in K]: S }

/** A JSON body that is text already, such as what a spool kept: it is sent as it is. */
export class JsonText {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** What a caller states: parameters, query and body as their schemas take them, and the headers that the operation knows. */
export type CallOf<O> = Required<'params', O> &
  (O extends { query: infer S } ? OptionalWhenEmpty<'query', Input<S>> : unknown) &
  (O extends { body: infer S }
    ? { body: S extends z.ZodType ? z.input<S> | JsonText : string | Blob | ReadableStream }
    : unknown) &
  (O extends { idempotent: unknown } ? { idempotencyKey?: string } : unknown) &
  // The ETag of what is known: while nothing has changed the outcome has the status 304.
  (O extends { conditional: true } ? { known?: string | null } : unknown) &
  (O extends { idempotent: unknown }
    ? unknown
    : O extends { versionedBy: string; method: 'put' | 'post' | 'delete' }
      ? { version: Version }
      : unknown)
