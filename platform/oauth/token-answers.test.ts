import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { type ClientCredentials, createTokenSource } from './index.ts'

interface Refusal {
  status: number
  type?: string
  body: unknown
  headers?: Record<string, string>
}

const cases = JSON.parse(
  readFileSync(new URL('../../test/cases/field/oauth-token-responses.json', import.meta.url), 'utf8'),
) as {
  'refused, should be taken': object[]
  'reason hidden from the log': Refusal[]
  'secrets refused by an endpoint that compares without form-decoding': string[]
}

/** A token endpoint that answers as a test tells it; a text is sent as it is. */
async function endpoint(answer: (request: IncomingMessage) => Refusal): Promise<string> {
  const server = createServer((request, response) => {
    request.resume()
    const { status, type = 'application/json', body, headers = {} } = answer(request)
    response.writeHead(status, { 'content-type': type, ...headers })
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`
}

const source = (tokenEndpoint: string, secret = 'secret', method: 'basic' | 'post' = 'basic') =>
  createTokenSource({
    tokenEndpoint,
    clientId: 'client-1',
    authentication: { method: `client_secret_${method}`, secret } as ClientCredentials['authentication'],
  })

const takenToo = [
  { access_token: 't', token_type: 'BEARER', expires_in: '600' },
  { access_token: 't', token_type: 'bearer', expires_in: '' },
  { access_token: 't', token_type: null, expires_in: -1, scope: ['a', 'b'], id_token: 'no-jwt' },
]
for (const body of [...cases['refused, should be taken'], ...takenToo])
  test(`takes a token whatever the fields say that nobody uses: ${JSON.stringify(body)}`, async () => {
    const tokens = source(await endpoint(() => ({ status: 200, body })))
    expect(await tokens.get()).toBe('t')
    expect(await tokens.headersFor('t', 'GET', 'https://api.example')).toEqual({ authorization: 'Bearer t' })
  })

test('without a usable expiry a token is kept for a while, so that it is fetched once for calls that follow each other', async () => {
  let asked = 0
  const tokens = source(
    await endpoint(() => ({
      status: 200,
      body: { access_token: `t${++asked}`, token_type: 'Bearer', expires_in: null },
    })),
  )
  expect([await tokens.get(), await tokens.get()]).toEqual(['t1', 't1'])
})

test('an answer without a token, of another type of token, or that is no JSON is refused, with what is wrong', async () => {
  const wrong: [Refusal, string][] = [
    [{ status: 200, body: { token_type: 'Bearer' } }, 'has no access_token'],
    [{ status: 200, body: { access_token: '', token_type: 'Bearer' } }, 'has no access_token'],
    [{ status: 200, body: { access_token: 't', token_type: 'mac' } }, 'token_type mac'],
    [{ status: 200, type: 'text/html', body: '<html>Log in</html>' }, 'HTTP 200 with text/html'],
    [{ status: 200, body: '[1' }, 'no JSON object'],
  ]
  for (const [answer, reason] of wrong) await expect(source(await endpoint(() => answer)).get()).rejects.toThrow(reason)
})

const refusals: [Refusal, string[]][] = [
  ...cases['reason hidden from the log'].map((answer, i): [Refusal, string[]] => [
    answer,
    [
      ['HTTP 401', 'invalid_client', 'wrong secret', 'client_secret_post'],
      ['HTTP 429', 'text/plain', 'slow down'],
      ['HTTP 503', 'text/html'],
    ][i] ?? [],
  ]),
  [
    { status: 400, body: { error: 'invalid_scope', error_description: 'no such scope' } },
    ['HTTP 400', 'invalid_scope', 'no such scope', 'scope'],
  ],
  [{ status: 400, body: { error: 'invalid_client' } }, ['HTTP 400', 'invalid_client', 'client_secret_post']],
  [{ status: 401, body: '', headers: { 'www-authenticate': 'Basic realm="t"' } }, ['HTTP 401', 'client_secret_post']],
  [{ status: 429, body: { error: 'slow_down' }, headers: { 'retry-after': '30' } }, ['HTTP 429', 'slow_down', '30 s']],
  [{ status: 302, type: 'text/html', body: '', headers: { location: '/login' } }, ['HTTP 302']],
]
for (const [answer, parts] of refusals)
  test(`reports a refusal with its status, code, description and hint: ${JSON.stringify(answer)}`, async () => {
    const error = await source(await endpoint(() => answer))
      .get()
      .catch((refused: Error) => refused.message)
    for (const part of parts) expect(error).toContain(part)
  })

test('the hint for a secret in the body is the header, and a description is kept to one short line', async () => {
  const body = { error: 'invalid_client', error_description: `a\nb${'x'.repeat(2_000)}` }
  const url = await endpoint(() => ({ status: 401, body }))
  const error = await source(url, 'secret', 'post')
    .get()
    .catch((refused: Error) => refused.message)
  expect(error).toContain('client_secret_basic')
  expect(error).not.toContain('\n')
  expect(String(error).length).toBeLessThan(700)
})

/** What a client shows by HTTP Basic, as it is in the header. */
const shown = ({ headers }: IncomingMessage) =>
  Buffer.from((headers.authorization ?? '').replace(/^Basic /, ''), 'base64').toString()

for (const secret of [...cases['secrets refused by an endpoint that compares without form-decoding'], 'p%20q é'])
  test(`a secret is taken by an endpoint that form-decodes, and by one that does not: ${secret}`, async () => {
    const decoded = (text: string) => decodeURIComponent(text.replaceAll('+', ' '))
    for (const read of [(text: string) => text, decoded]) {
      let asked = 0
      const url = await endpoint((request) => {
        asked++
        const isRight = shown(request).split(':').map(read).join(':') === `client-1:${secret}`
        return isRight
          ? { status: 200, body: { access_token: `t${asked}`, token_type: 'Bearer', expires_in: 600 } }
          : { status: 401, body: { error: 'invalid_client' } }
      })
      const tokens = source(url, secret)
      const first = await tokens.get()
      tokens.discard(first)
      const before = asked
      await tokens.get()
      // The form that was taken is remembered.
      expect(asked).toBe(before + 1)
    }
  })

test('a secret that has only one form is shown once', async () => {
  let asked = 0
  const url = await endpoint(() => {
    asked++
    return { status: 401, body: { error: 'invalid_client' } }
  })
  await expect(source(url, 'plain-secret').get()).rejects.toThrow('invalid_client')
  expect(asked).toBe(1)
})
