import type { z } from 'zod'
import { type AnswerOf, type CallOf, isFile, JsonText, type Operation } from './operation.ts'
import { failure, type Outcome, success } from './outcome.ts'
import type { Page } from './paging.ts'
import type { FieldError, Problem, ProblemKind } from './problem.ts'

/** An outgoing call. `path` is below the API's base. */
export interface OutgoingCall {
  path: string
  init: Omit<RequestInit, 'headers'> & {
    method: string
    headers: Record<string, string>
    /** The operation's path with nothing filled in, by which a trace names the call; `fetch` passes over it. */
    route: string
  }
}

/** Sends a call; the process that creates the client decides on the base, the credentials and the time-out. */
export type Send = (call: OutgoingCall) => Promise<Response>

/** Headers in addition to those that follow from the operation, and a signal that aborts the call. */
export interface CallOptions {
  headers?: Record<string, string>
  signal?: AbortSignal
}

/** The outcome of a call: the answer, or the problem that the server reported, with status and headers. */
export type CallOutcome<T> = Outcome<T, Problem> & { readonly status: number; readonly headers: Headers }

/** A call that did not succeed, as a problem document (RFC 9457), whatever the cause. `status` 0: no answer. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem'
  readonly problem: Problem

  constructor(given: Problem) {
    super(given.detail ?? given.title)
    this.problem = given
  }

  get status(): number {
    return this.problem.status
  }

  /** The kind of a problem that one of our own servers reports, otherwise `null`. */
  get kind(): ProblemKind | null {
    return kindOf(this.problem)
  }
}

const typePrefix = 'urn:ringmain:problem:'

/** The kind of a problem that one of our own servers reports, otherwise `null`. */
export function kindOf({ type }: Pick<Problem, 'type'>): ProblemKind | null {
  return type.startsWith(typePrefix) ? (type.slice(typePrefix.length) as ProblemKind) : null
}

interface LooseCall {
  params?: Record<string, unknown>
  query?: Record<string, unknown>
  body?: unknown
  idempotencyKey?: string
  version?: string | number | null
  known?: string | null
}

/** The path of an operation with its parameters and query filled in, for a link or a download. */
export function pathOf<O extends Operation>(stated: O, call: Omit<CallOf<O>, 'body' | 'version'>): string {
  return filled(stated, call as LooseCall)
}

function filled(stated: Operation, { params = {}, query = {} }: LooseCall): string {
  const path = stated.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name])))
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null) continue
    for (const one of Array.isArray(value) ? value : [value]) search.append(name, String(one))
  }
  return search.size > 0 ? `${path}?${search}` : path
}

/** An operation and its input as an HTTP request. Nothing is checked: the server does that. */
export function requestOf(stated: Operation, call: object, options: CallOptions = {}): OutgoingCall {
  const loose = call as LooseCall
  const headers: Record<string, string> = { accept: acceptedBy(stated) }
  const init: OutgoingCall['init'] = { method: stated.method.toUpperCase(), headers, route: stated.path }
  if (isFile(stated.body)) {
    headers['content-type'] = stated.body.file
    Object.assign(init, { body: loose.body })
    if (loose.body instanceof ReadableStream) Object.assign(init, { duplex: 'half' })
  } else if (loose.body !== undefined) {
    headers['content-type'] = 'application/json'
    init.body = loose.body instanceof JsonText ? loose.body.text : JSON.stringify(loose.body)
  }
  if (loose.idempotencyKey !== undefined) headers['idempotency-key'] = loose.idempotencyKey
  if (loose.version === null) headers['if-none-match'] = '*'
  else if (loose.version !== undefined) headers['if-match'] = `"${loose.version}"`
  if (typeof loose.known === 'string') headers['if-none-match'] = loose.known
  Object.assign(headers, options.headers)
  if (options.signal) init.signal = options.signal
  return { path: filled(stated, loose), init }
}

function acceptedBy({ answer }: Operation): string {
  if (isFile(answer)) return `${answer.file}, application/problem+json`
  return 'application/json, application/problem+json'
}

/** Calls the operations of one API. */
export interface ApiClient {
  /** The answer, parsed by its contract. Anything else throws an `ApiProblem`. */
  call<O extends Operation>(stated: O, call: CallOf<O>, options?: CallOptions): Promise<AnswerOf<O>>
  /** The answer or the problem, with status and headers. Throws only without an answer, or if it does not fit the contract. */
  ask<O extends Operation>(stated: O, call: CallOf<O>, options?: CallOptions): Promise<CallOutcome<AnswerOf<O>>>
  /** All items of a paged list, at most `maxPages` pages. */
  all<O extends Operation>(
    stated: O,
    call: CallOf<O>,
    options?: CallOptions & { maxPages?: number },
  ): Promise<AnswerOf<O> extends Page<infer T> ? T[] : never>
}

/** A client of an API that sends its calls with `send`. */
export function createClient(send: Send): ApiClient {
  async function ask<O extends Operation>(stated: O, call: CallOf<O>, options: CallOptions = {}) {
    const response = await send(requestOf(stated, call as object, options))
    const { status, headers } = response
    if (!response.ok) return { ...failure(await problemOf(response)), status, headers }
    return { ...success(await answerOf(stated, response)), status, headers }
  }

  async function answer<O extends Operation>(stated: O, call: CallOf<O>, options?: CallOptions) {
    const outcome = await ask(stated, call, options)
    if (outcome.ok) return outcome.value
    throw new ApiProblem(outcome.failure)
  }

  return {
    ask,
    call: answer,
    async all<O extends Operation>(
      stated: O,
      call: CallOf<O>,
      { maxPages = 20, ...options }: CallOptions & { maxPages?: number } = {},
    ) {
      const items: unknown[] = []
      let cursor: string | null = null
      for (let page = 0; page < maxPages; page++) {
        const { query = {} } = call as LooseCall
        const next = cursor === null ? call : { ...(call as object), query: { ...query, cursor } }
        const read = (await answer(stated, next as CallOf<O>, options)) as Page<unknown>
        items.push(...read.items)
        cursor = read.nextCursor
        if (cursor === null) break
      }
      return items as AnswerOf<O> extends Page<infer T> ? T[] : never
    },
  }
}

async function problemOf(response: Response): Promise<Problem> {
  const text = await response.text()
  const read = problemIn(parsed(text))
  if (read) return read
  const detail = text.slice(0, 300)
  const title = `The server answered ${response.status} without saying why`
  return { type: 'about:blank', title, status: response.status, ...(detail ? { detail } : {}) }
}

/** A body as a problem document; `null`: it is none. Read by hand, so that a browser needs no zod for it. */
export function problemIn(body: unknown): Problem | null {
  if (typeof body !== 'object' || body === null) return null
  const { type, title, status, detail, instance, errors } = body as Record<string, unknown>
  if (typeof type !== 'string' || typeof title !== 'string' || !Number.isInteger(status)) return null
  if (![detail, instance].every((text) => text === undefined || typeof text === 'string')) return null
  if (errors !== undefined && !(Array.isArray(errors) && errors.every(isFieldError))) return null
  return body as Problem
}

function isFieldError(error: unknown): error is FieldError {
  if (typeof error !== 'object' || error === null) return false
  const { field, message } = error as Record<string, unknown>
  return typeof field === 'string' && typeof message === 'string'
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

async function answerOf<O extends Operation>(stated: O, response: Response): Promise<AnswerOf<O>> {
  const { answer } = stated
  if (isFile(answer))
    return (answer.file === 'text/csv'
      ? await response.text()
      : new Uint8Array(await response.arrayBuffer())) as unknown as AnswerOf<O>
  // The DNO's and the FSP's pages take what their own server answers: its contract is not in a browser (web/vite/slim-operations.ts).
  if ('json' in answer && response.status !== 204) return (await response.json()) as AnswerOf<O>
  if (!isSchema(answer) || response.status === 204) {
    await response.body?.cancel()
    return null as AnswerOf<O>
  }
  const read = answer.safeParse(await response.json().catch(() => undefined))
  if (read.success) return read.data as AnswerOf<O>
  const errors = read.error.issues.slice(0, 20).map((i) => ({ field: i.path.join('.'), message: i.message }))
  throw new ApiProblem({
    type: `${typePrefix}unexpected-answer`,
    title: 'The server’s answer does not fit its contract',
    status: 502,
    detail: `${stated.method.toUpperCase()} ${stated.path} answered in a form that this program does not know; it may be older than the server.`,
    errors,
  })
}

function isSchema(answer: Operation['answer']): answer is z.ZodType {
  return 'safeParse' in answer
}
