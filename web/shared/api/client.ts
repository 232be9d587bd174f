import type { z } from 'zod'
import { type Problem, problem } from '../../../schemas/vocabulary/problem.ts'

/** An API call that did not succeed, as a problem document (RFC 9457), whatever the cause. `status` 0: no answer at all. */
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
}

interface Call {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  body?: unknown
  /** Sent as it is, instead of a JSON body. */
  file?: Blob
  headers?: Record<string, string>
  signal?: AbortSignal
}

async function send(path: string, call: Call): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json', ...call.headers }
  if (call.body !== undefined) headers['content-type'] = 'application/json'
  if (call.file) headers['content-type'] = 'text/csv'
  const init: RequestInit = { method: call.method ?? 'GET', headers, credentials: 'same-origin' }
  if (call.body !== undefined) init.body = JSON.stringify(call.body)
  if (call.file) init.body = call.file
  if (call.signal) init.signal = call.signal
  try {
    return await fetch(`/api${path}`, init)
  } catch (error) {
    if (call.signal?.aborted) throw error
    throw new ApiProblem({
      type: 'urn:ringmain:problem:no-answer',
      title: 'The server does not answer',
      status: 0,
      detail: 'The server does not answer. Check the connection; this page tries again by itself.',
    })
  }
}

async function problemOf(response: Response): Promise<ApiProblem> {
  const read = problem.safeParse(await response.json().catch(() => null))
  if (read.success) return new ApiProblem(read.data)
  const title = `The server answered ${response.status} without saying why`
  return new ApiProblem({ type: 'about:blank', title, status: response.status })
}

/** Calls the API below `/api` and parses its answer by the contract. Anything but a fitting answer throws an `ApiProblem`. */
export async function ask<T extends z.ZodType>(schema: T, path: string, call: Call = {}): Promise<z.output<T>> {
  const response = await send(path, call)
  if (!response.ok) throw await problemOf(response)
  const parsed = schema.safeParse(await response.json().catch(() => undefined))
  if (parsed.success) return parsed.data
  const errors = parsed.error.issues.slice(0, 20).map((i) => ({ field: i.path.join('.'), message: i.message }))
  throw new ApiProblem({
    type: 'urn:ringmain:problem:unexpected-answer',
    title: 'The server’s answer does not fit its contract',
    status: 502,
    detail: `${path} answered in a shape that this page does not know. Reload the page; it may be older than the server.`,
    errors,
  })
}

/** Posts a CSV file as the body. */
export async function askWithFile<T extends z.ZodType>(schema: T, path: string, file: Blob): Promise<z.output<T>> {
  return ask(schema, path, { method: 'POST', file })
}

/** Calls the API where success has no body to read. */
export async function tell(path: string, call: Call): Promise<void> {
  const response = await send(path, call)
  if (!response.ok) throw await problemOf(response)
}

interface Page<T> {
  items: T[]
  nextCursor: string | null
}

/** All items of a paged list, at most `maxPages` pages. */
export async function askAll<T>(
  schema: z.ZodType<Page<T>>,
  path: string,
  signal?: AbortSignal,
  maxPages = 20,
): Promise<T[]> {
  const items: T[] = []
  let cursor: string | null = null
  for (let page = 0; page < maxPages; page++) {
    const query: string = cursor === null ? '' : `${path.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(cursor)}`
    const answer: Page<T> = await ask(schema, `${path}${query}`, signal ? { signal } : {})
    items.push(...answer.items)
    cursor = answer.nextCursor
    if (cursor === null) break
  }
  return items
}
