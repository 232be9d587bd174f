import type { z } from 'zod'
import type { Access } from './access.ts'
import type { ProblemKind } from './problem.ts'

/** A file instead of JSON as a body or an answer. `example` is a small complete file. */
export interface FileContent {
  readonly file:
    | 'text/csv'
    | 'application/pdf'
    | 'application/vnd.apache.parquet'
    | 'application/geo+json'
    | 'application/vnd.mapbox-vector-tile'
  readonly example?: string
}

/** An answer without a body (204). */
export const nothing = { nothing: true } as const

/** An answer that is a stream of server-sent events with `event` as data. */
export interface EventStream {
  readonly events: z.ZodType
}

/** An answer that redirects a browser (302). */
export const redirect = { redirect: true } as const

export type AnswerShape = z.ZodType | FileContent | EventStream | typeof nothing | typeof redirect

/** A CSV file as a body. @param lines of the example. */
export function csvFile(...lines: string[]): { file: 'text/csv'; example?: string } {
  return lines.length > 0 ? { file: 'text/csv', example: `${lines.join('\r\n')}\r\n` } : { file: 'text/csv' }
}

/** An Apache Parquet file as an answer. */
export const parquetFile = { file: 'application/vnd.apache.parquet' } as const

/** A GeoJSON file (RFC 7946) as an answer. */
export const geoJsonFile = { file: 'application/geo+json' } as const

/** A vector tile of a map as an answer. */
export const tileFile = { file: 'application/vnd.mapbox-vector-tile' } as const

/** A PDF as an answer. */
export const pdfFile = { file: 'application/pdf' } as const

/**
 * One operation of an API, stated once. The server binds a verb to it and clients call it; the OpenAPI document and the walk over
 * routes × callers × tenants are derived from it.
 */
export interface Operation {
  readonly method: 'get' | 'post' | 'put' | 'delete'
  /** Path below the API's base; parameters in braces. */
  readonly path: `/${string}`
  readonly access: Access
  readonly tags: readonly string[]
  readonly summary: string
  readonly description?: string
  /** A member for each parameter of the path. */
  readonly params?: z.ZodObject
  readonly query?: z.ZodObject
  /** A JSON document, or a file, which is read as it arrives. */
  readonly body?: z.ZodType | FileContent
  /** The most bytes of its body, if that differs from `bodyLimitOf`'s defaults. */
  readonly maxBytes?: number
  readonly answer: AnswerShape
  /** Problems in addition to those that follow from its access rule and its contract. */
  readonly problems?: readonly ProblemKind[]
  /** It creates something, and an `Idempotency-Key` ensures that this happens once. `shownOnce`: secrets that are null in a repeat's answer. */
  readonly idempotent?: true | { readonly shownOnce: readonly string[] }
  /** The member of the answer that is its version. A read sends it as ETag; a change needs it in `If-Match`. */
  readonly versionedBy?: string
  /** It may create what it changes: `If-None-Match: *` states that it does not exist yet. */
  readonly mayCreate?: true
  /** It matters so much that its person has to have authenticated within the last minutes (ASVS 5.0 V7.5.3). */
  readonly recent?: true
  /** Open to people whose account still needs a second factor or a new password; everything else waits for that. */
  readonly openToIncomplete?: true
  /** A report: where there is a replica that keeps up, it is read from that, and may be some seconds behind. */
  readonly mayLag?: true
  /** Answers 304 to `If-None-Match` with the current ETag. */
  readonly conditional?: true
}

/** States an operation. Its type keeps each member, so that verbs and clients know the exact input and answer. */
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

/** A form, and what an outsider sends before anybody knows who it is. */
const openBodyBytes = 64 * 1024
/** A day of schedules, a point map, a page of settings. */
const jsonBodyBytes = 1024 * 1024
/** A file of a million rows has about 100 MB; it is read as it arrives. */
const fileBodyBytes = 256 * 1024 * 1024

/** The most bytes that the body of a call may have. Where anyone may call, that is little, whatever else is stated. */
export function bodyLimitOf({ access, body, maxBytes }: Pick<Operation, 'access' | 'body' | 'maxBytes'>): number {
  if (access === 'anyone') return Math.min(maxBytes ?? openBodyBytes, openBodyBytes)
  return maxBytes ?? (isFile(body) ? fileBodyBytes : jsonBodyBytes)
}

/** The version that a change starts from: the ETag that the caller read; `null` if nothing exists yet. */
export type Version = string | number | null

type Output<S> = S extends z.ZodType ? z.output<S> : undefined
type Input<S> = S extends z.ZodType ? z.input<S> : undefined

/** What a verb receives from the path, the query and the body, as parsed by their schemas. */
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

/** A JSON body that is already text, such as one kept in a spool: it is sent unchanged. */
export class JsonText {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** What a caller passes: parameters, query and body as their schemas accept them, and the headers that the operation uses. */
export type CallOf<O> = Required<'params', O> &
  (O extends { query: infer S } ? OptionalWhenEmpty<'query', Input<S>> : unknown) &
  (O extends { body: infer S }
    ? { body: S extends z.ZodType ? z.input<S> | JsonText : string | Blob | ReadableStream }
    : unknown) &
  (O extends { idempotent: unknown } ? { idempotencyKey?: string } : unknown) &
  // The ETag that the caller has: if nothing has changed, the outcome has the status 304.
  (O extends { conditional: true } ? { known?: string | null } : unknown) &
  (O extends { idempotent: unknown }
    ? unknown
    : O extends { versionedBy: string; method: 'put' | 'post' | 'delete' }
      ? { version: Version }
      : unknown)
