import type { z } from 'zod'
import { logInAnswer } from '../../schemas/access/sessions.ts'

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

/** Logs in as a browser does: out to the issuer, name and password on its page, and back with a code. Answers the session’s cookie. */
export async function openSession(serverUrl: string, account: Account): Promise<string> {
  const jar = new Map<string, string>()
  const visit = async (url: string, init: RequestInit = {}) => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(new URL(url, serverUrl), {
      ...init,
      redirect: 'manual',
      headers: { ...(init.headers as Record<string, string>), cookie },
    })
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
      jar.set(name, value)
    }
    return response
  }
  const follow = async (from: string, until: string) => {
    let url = from
    for (let step = 0; step < 5; step++) {
      const response = await visit(url)
      const location = response.headers.get('location')
      await response.body?.cancel()
      if (!location) throw new Error(`${account.username} cannot log in: ${url} was answered ${response.status}`)
      url = new URL(location, new URL(url, serverUrl)).href
      if (new URL(url).pathname === until) return url
    }
    throw new Error(`${account.username} cannot log in: the way does not end at ${until}`)
  }
  const page = new URL(await follow('/api/session/log-in?next=/overview', '/log-in'))
  const answer = await visit('/api/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      username: account.username,
      password: account.password,
      interaction: page.searchParams.get('interaction'),
    }),
  })
  if (!answer.ok) throw new Error(`${account.username} cannot log in: ${await answer.text()}`)
  await follow(logInAnswer.parse(await answer.json()).redirectTo, '/overview')
  const secret = jar.get('ringmain_session')
  if (!secret) throw new Error('the server opened no session')
  return `ringmain_session=${secret}`
}
