import { operations } from '../../schemas/operations.ts'
import { requestOf } from '../../schemas/vocabulary/client.ts'
import type { Operation } from '../../schemas/vocabulary/operation.ts'
import type { TestServer } from './server.ts'

/** A browser as far as redirections and cookies go, cookies of each path apart. */
export class Browser {
  readonly jar = new Map<string, { name: string; value: string; path: string; host: string }>()

  async visit(url: string, init: RequestInit = {}): Promise<Response> {
    const { pathname, host } = new URL(url)
    const fitting = [...this.jar.values()].filter((each) => each.host === host && pathname.startsWith(each.path))
    const cookie = fitting.map(({ name, value }) => `${name}=${value}`).join('; ')
    const headers = { ...(init.headers as Record<string, string>), ...(cookie ? { cookie } : {}) }
    const response = await fetch(url, { ...init, redirect: 'manual', headers })
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
      const path = /path=([^;]*)/i.exec(set)?.[1] ?? '/'
      const key = `${host} ${path} ${name}`
      if (value === '' || /expires=Thu, 01 Jan 1970|max-age=0/i.test(set)) this.jar.delete(key)
      else this.jar.set(key, { name, value, path, host })
    }
    return response
  }

  /** Follows redirections; where they end. */
  async go(url: string): Promise<URL> {
    for (let at = url, steps = 0; steps < 12; steps++) {
      const location = (await this.visit(at)).headers.get('location')
      if (!location) return new URL(at)
      at = new URL(location, at).href
    }
    throw new Error('the redirections do not end')
  }

  /** The cookie of that name, as the browser sends it; `null` if it has none. */
  cookie(name: string): string | null {
    const found = [...this.jar.values()].find((each) => each.name === name)
    return found ? `${found.name}=${found.value}` : null
  }

  /** Calls an operation with the cookies that it has. */
  async ask(
    server: TestServer,
    stated: Operation,
    call: { body?: unknown; params?: Record<string, unknown>; query?: object } = {},
  ) {
    const { path, init } = requestOf(stated, call)
    const response = await this.visit(`${server.url}${path}`, init)
    const text = await response.text()
    return { status: response.status, body: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text }
  }

  async session(server: TestServer): Promise<{ status: number; body: Record<string, unknown> }> {
    const response = await this.visit(addressOf(server, operations.readSession))
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }
}

/** Where an operation without parameters is. */
export const addressOf = ({ url }: TestServer, stated: Operation, query = {}) =>
  `${url}${requestOf(stated, { query }).path}`

/** Where logging in begins; `next` is where it is to end. */
export const logInAddress = (server: TestServer, next?: string) => addressOf(server, operations.beginLogIn, { next })
export const callbackAddress = (server: TestServer) => addressOf(server, operations.completeLogIn)

/** Sends the log-in page as a browser that stands on it, or has been lured there. */
export async function sendPassword(
  browser: Browser,
  server: TestServer,
  page: URL,
  username: string,
  password: string,
  headers: Record<string, string> = {},
  code?: string,
) {
  const body = { username, password, code, interaction: page.searchParams.get('interaction') ?? 'none' }
  const { path, init } = requestOf(operations.sendPassword, { body })
  const response = await browser.visit(`${server.url}${path}`, { ...init, headers: { ...init.headers, ...headers } })
  const answer = (await response.json()) as Record<string, string>
  return { status: response.status, body: answer, headers: response.headers }
}

/** Logs in from beginning to end; where the browser is afterwards. */
export async function logIn(
  browser: Browser,
  server: TestServer,
  username: string,
  password: string,
  next?: string,
  code?: string,
) {
  const page = await browser.go(logInAddress(server, next))
  const { body } = await sendPassword(browser, server, page, username, password, {}, code)
  return browser.go(body['redirectTo'] ?? '')
}
