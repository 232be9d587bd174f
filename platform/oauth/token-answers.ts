/** What an authorization server's answer gives, judged by what is needed of it: a token and how to show it. */
export interface IssuedToken {
  accessToken: string
  isProofBound: boolean
  expiresInS: number
}

/** How a client shows its secret or its key. */
export type ClientAuthentication = 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt'

/** A token endpoint gave no token: its status, the error code of RFC 6749, section 5.2 if there is one, and what might mend it. */
export class TokenRefused extends Error {
  override readonly name = 'TokenRefused'
  readonly status: number
  /** `null` if the answer states none. */
  readonly error: string | null

  constructor(status: number, error: string | null, message: string) {
    super(message)
    this.status = status
    this.error = error
  }
}

/**
 * Lifetime where an answer states none that can be used, s. RFC 6749, section 5.1 only recommends to state one. Too short costs a request
 * now and then; too long costs a refused call, which is repeated with a fresh token.
 */
const assumedLifetimeS = 60
/** How much of a text of theirs goes into an error, characters. */
const mostShown = 200

/**
 * Reads the answer of a token endpoint (RFC 6749, section 5). Of the fields only `access_token`, `token_type` and `expires_in` are used; the
 * others may be missing, empty or null, and a missing type is that of nearly all tokens, Bearer (RFC 6750).
 * @throws TokenRefused if it gives no token that can be used.
 */
export async function readTokenAnswer(response: Response, authentication: ClientAuthentication): Promise<IssuedToken> {
  const { status, headers } = response
  const text = await response.text()
  const body = objectIn(text)
  const type = headers.get('content-type')?.split(';')[0] ?? 'no content type'
  if (status !== 200) throw refusalOf(response, { text, type, body, authentication })
  if (body === null) {
    const found = /json/.test(type) ? 'is no JSON object' : `is HTTP 200 with ${shownOf(type)}, not JSON`
    throw new TokenRefused(status, null, `its answer ${found}: check the address of the token endpoint`)
  }
  const { access_token: accessToken, token_type: tokenType, expires_in: expiresIn } = body
  if (typeof accessToken !== 'string' || accessToken === '')
    throw new TokenRefused(status, null, 'its answer has no access_token')
  const kind = typeof tokenType === 'string' && tokenType !== '' ? tokenType.toLowerCase() : 'bearer'
  if (kind !== 'bearer' && kind !== 'dpop')
    throw new TokenRefused(status, null, `its answer has the token_type ${shownOf(kind)}, which is not supported`)
  const seconds = typeof expiresIn === 'string' ? Number.parseFloat(expiresIn) : expiresIn
  const isUsable = typeof seconds === 'number' && Number.isFinite(seconds) && seconds > 0
  return { accessToken, isProofBound: kind === 'dpop', expiresInS: isUsable ? seconds : assumedLifetimeS }
}

interface Refused {
  text: string
  type: string
  body: Record<string, unknown> | null
  authentication: ClientAuthentication
}

function refusalOf({ status, headers }: Response, { text, type, body, authentication }: Refused): TokenRefused {
  const error = typeof body?.['error'] === 'string' ? shownOf(body['error']) : null
  const description = typeof body?.['error_description'] === 'string' ? shownOf(body['error_description']) : null
  // A page is for people; the type of it says enough.
  const said = body ? '' : [text && shownOf(type), type === 'text/plain' && shownOf(text)].filter(Boolean).join(': ')
  const what = [error, description].filter(Boolean).join(': ') || said
  const hint = hintFor(status, error, headers.get('retry-after'), authentication)
  return new TokenRefused(status, error, [`HTTP ${status}`, what, hint && `(${hint})`].filter(Boolean).join(' '))
}

const otherWays: Record<ClientAuthentication, string> = {
  client_secret_basic:
    'check the client identity and the secret; the endpoint may want client_secret_post. The secret was shown form-encoded and, where that differs, as it is',
  client_secret_post: 'check the client identity and the secret; the endpoint may want client_secret_basic',
  private_key_jwt: 'check the client identity, and that the endpoint knows the key and its kid',
}

/** What might mend a refusal; empty if nothing is known to. */
function hintFor(
  status: number,
  error: string | null,
  retryAfter: string | null,
  authentication: ClientAuthentication,
): string {
  if (error === 'invalid_scope') return 'check the scope that is asked for'
  if (error === 'invalid_target') return 'check the resource that is asked for'
  if (error === 'unauthorized_client' || error === 'unsupported_grant_type')
    return 'the client must be allowed the grant client_credentials'
  if (status === 401 || error === 'invalid_client') return otherWays[authentication]
  if (status === 429 || status === 503)
    return /^\d{1,9}$/.test(retryAfter ?? '') ? `try again after ${retryAfter} s` : 'try again later'
  if (status >= 300 && status < 400) return 'the endpoint redirects: check its address'
  return status === 404 || status === 405 ? 'check the address of the token endpoint' : ''
}

function objectIn(text: string): Record<string, unknown> | null {
  try {
    const read: unknown = JSON.parse(text)
    return typeof read === 'object' && read !== null && !Array.isArray(read) ? (read as Record<string, unknown>) : null
  } catch {
    return null
  }
}

/** A text of theirs on one short line. */
function shownOf(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim()
  return line.length > mostShown ? `${line.slice(0, mostShown)}…` : line
}
