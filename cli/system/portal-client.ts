import { type DemoAccount, logInAnswer, sessionCookieAt, sessionOperations } from '../../schemas/access/sessions.ts'
import { type ApiClient, createClient, type OutgoingCall, pathOf, requestOf } from '../../schemas/vocabulary/client.ts'

type Account = Pick<DemoAccount, 'username' | 'password'>

/** Where a server has its API. */
const apiBase = '/api'

/** A person at the DNO's portal, who does by program what people do by hand: used to set up a demo and to rehearse a day. */
export class PortalClient {
  /** Calls operations as this person. Throws an `ApiProblem` with what the server answers. */
  readonly api: ApiClient
  readonly #serverUrl: string
  readonly #account: Account
  #cookie: string

  private constructor(serverUrl: string, account: Account, cookie: string) {
    this.#serverUrl = serverUrl
    this.#account = account
    this.#cookie = cookie
    this.api = createClient((call) => this.#send(call))
  }

  /** Logs in, or throws with the problem that the server answers. */
  static async logIn(serverUrl: string, account: Account): Promise<PortalClient> {
    return new PortalClient(serverUrl, account, await openSession(serverUrl, account))
  }

  async #send(call: OutgoingCall): Promise<Response> {
    const response = await this.#fetch(call)
    if (response.status !== 401) return response
    // A session ends after half a day; a client that works on logs in again.
    await response.body?.cancel()
    this.#cookie = await openSession(this.#serverUrl, this.#account)
    return this.#fetch(call)
  }

  #fetch({ path, init }: OutgoingCall): Promise<Response> {
    const headers = { ...init.headers, cookie: this.#cookie }
    return fetch(`${this.#serverUrl}${apiBase}${path}`, { ...init, headers })
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
  const begin = pathOf(sessionOperations.beginLogIn, {})
  const page = new URL(await follow(`${apiBase}${begin}`, '/log-in'))
  const { username, password } = account
  const interaction = page.searchParams.get('interaction')
  const sending = requestOf(sessionOperations.sendPassword, { body: { username, password, interaction } })
  const answer = await visit(`${apiBase}${sending.path}`, sending.init)
  if (!answer.ok) throw new Error(`${account.username} cannot log in: ${await answer.text()}`)
  await follow(logInAnswer.parse(await answer.json()).redirectTo, '/')
  const name = sessionCookieAt(page.href)
  const secret = jar.get(name)
  if (!secret) throw new Error('the server opened no session')
  return `${name}=${secret}`
}
