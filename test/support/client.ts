import { requestOf } from '../../schemas/vocabulary/client.ts'
import type { Operation } from '../../schemas/vocabulary/operation.ts'

export interface Answer {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: tests say what they expect of it
  body: any
  headers: Headers
}

/** What a test says of a call: nothing is checked before it goes out, so that what is wrong can be sent too. */
export interface TestCall {
  params?: Record<string, unknown>
  query?: Record<string, unknown>
  body?: unknown
  /** Sent as it is in place of a JSON body, such as CSV or broken JSON; bytes where they are not UTF-8. */
  text?: string | Uint8Array<ArrayBuffer>
  idempotencyKey?: string
  version?: string | number | null
}

/** Calls an API over its socket with the same headers each time. */
export interface Client {
  readonly headers: Record<string, string>
  /** Calls an operation as whoever the client is. */
  ask(operation: Operation, call?: TestCall, headers?: Record<string, string>): Promise<Answer>
  /** Sends anything anywhere: for what no operation describes. */
  send(method: string, path: string, init?: { text?: string; headers?: Record<string, string> }): Promise<Answer>
}

export function createClient(baseUrl: string, common: Record<string, string> = {}): Client {
  const send = async (path: string, init: RequestInit): Promise<Answer> => {
    const response = await fetch(`${baseUrl}${path}`, init)
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json')
    return { status: response.status, body: isJson && text ? JSON.parse(text) : text, headers: response.headers }
  }
  const call = (method: string, path: string, headers: Record<string, string>, body?: string) =>
    send(path, { method, headers: { ...common, ...headers }, ...(body === undefined ? {} : { body }) })
  return {
    headers: common,
    ask(operation, { text, ...stated } = {}, headers = {}) {
      const { path, init } = requestOf(operation, text === undefined ? stated : { ...stated, body: String(text) })
      const body = text === undefined ? {} : { body: text }
      return send(path, { ...init, ...body, headers: { ...init.headers, ...common, ...headers } })
    },
    send: (method, path, { text, headers = {} } = {}) => call(method, path, headers, text),
  }
}
