import type { z } from 'zod'

interface Account {
  username: string
  password: string
}

/** A person at the DNO's portal, who does by program what people do by hand: used to set up a demo and to rehearse a day. */
export class PortalClient {
  readonly #serverUrl: string
  readonly #account: Account
  #cookie: string

  private constructor(serverUrl: string, account: Account, cookie: string) {
    this.#serverUrl = serverUrl
    this.#account = account
    this.#cookie = cookie
  }

  /** Logs in, or throws with the problem that the server answers. */
  static async logIn(serverUrl: string, account: Account): Promise<PortalClient> {
    return new PortalClient(serverUrl, account, await openSession(serverUrl, account))
  }

  get<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    return this.#call('GET', path, schema)
  }

  post<T>(path: string, schema: z.ZodType<T>, body?: unknown): Promise<T> {
    return this.#call('POST', path, schema, body)
  }

  put<T>(path: string, schema: z.ZodType<T>, body: unknown, headers: Record<string, string> = {}): Promise<T> {
    return this.#call('PUT', path, schema, body, headers)
  }

  async #call<T>(
    method: string,
    path: string,
    schema: z.ZodType<T>,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<T> {
    let response = await this.#fetch(method, path, body, headers)
    if (response.status === 401) {
      // A session ends after half a day; who works on logs in again.
      this.#cookie = await openSession(this.#serverUrl, this.#account)
      response = await this.#fetch(method, path, body, headers)
    }
    if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${await response.text()}`)
    return schema.parse(await response.json())
  }

  #fetch(method: string, path: string, body: unknown, headers: Record<string, string>): Promise<Response> {
    return fetch(`${this.#serverUrl}/api${path}`, {
      method,
      headers: {
        cookie: this.#cookie,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  }
}

async function openSession(serverUrl: string, { username, password }: Account): Promise<string> {
  const response = await fetch(`${serverUrl}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  })
  if (!response.ok) throw new Error(`${username} cannot log in: ${await response.text()}`)
  const cookie = response.headers.getSetCookie()[0]?.split(';')[0]
  if (!cookie) throw new Error('the server opened no session')
  return cookie
}
