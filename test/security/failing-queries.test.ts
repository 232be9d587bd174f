import { Writable } from 'node:stream'
import { Instant } from '@js-joda/core'
import { expect, test, vi } from 'vitest'
import { SimulatedClock } from '../../platform/clock/index.ts'
import { createLog } from '../../platform/log/index.ts'
import { operations } from '../../schemas/operations.ts'
import { sessionsEndedChannel } from '../../server/access/index.ts'
import { createTestDatabase } from '../support/database.ts'
import { startTestServer } from '../support/server.ts'

/** A log that keeps what is written to it. */
function keptLog() {
  const lines: string[] = []
  const kept = new Writable({
    write: (chunk, _, done) => {
      lines.push(String(chunk))
      done()
    },
  })
  return { log: createLog('test', 'trace', kept), text: () => lines.join('') }
}

const clock = new SimulatedClock(Instant.parse('2026-01-15T08:00:00Z'))
const { db, url } = await createTestDatabase('server')
const kept = keptLog()
const server = await startTestServer(url, clock, { log: kept.log })
const administrator = await server.person('ada', 'administrator')
const password = 'Kestrel over the quay at seven'
const hashes = async () =>
  (await db.$client`select password_hash from account`).map((row) => String(row['password_hash']))

test('SEC14 a query that fails leaves no parameter in the log and none in the answer, a password hash least of all', async () => {
  const put = (username: string, fullName = 'Private Name') =>
    administrator.ask(operations.changeAccount, {
      params: { username },
      body: { fullName, password, roles: ['planner'] },
    })
  expect((await put('first')).status).toBe(200)
  const [hash] = await hashes()
  // PostgreSQL quotes the whole row in its detail.
  await db.$client`alter table account add constraint account_refused check (full_name <> 'Private Name') not valid`
  const answer = await put('secret-user')
  await db.$client`alter table account drop constraint account_refused`
  expect(answer.status).toBe(500)
  const written = kept.text()
  expect(written).toContain('request failed')
  expect(written).toContain('account_refused')
  expect(written).toContain('23514')
  for (const text of [written, JSON.stringify(answer.body)])
    for (const secret of ['Private Name', password, hash ?? '-', 'Failing row', '$1', 'insert into'])
      expect(text).not.toContain(secret)
  // Salt and key in base64url, as a hash is stored.
  expect(written).not.toMatch(/[\w-]{22}\.[\w-]{43}/)
})

test('SEC14 a value that PostgreSQL quotes in its message is left out of the log', () => {
  const { log, text } = keptLog()
  const refusal = Object.assign(new Error('invalid input syntax for type uuid: "my "secret" value"'), {
    severity: 'ERROR',
    code: '22P02',
    where: 'unnamed portal parameter $1 = secret',
  })
  const failed = Object.assign(new Error('Failed query: select $1\nparams: my secret\n    at secret'), {
    query: 'select $1',
    params: ['my secret'],
    cause: refusal,
  })
  log.error({ err: failed }, 'request failed')
  log.error(failed)
  log.error({ err: failed })
  log.error({ err: new AggregateError([failed], 'both failed') }, 'request failed')
  expect(text()).toContain('22P02')
  expect(text()).toContain('failing-queries.test.ts')
  expect(text()).not.toContain('secret')
})

test('SEC19 /readyz says that the database does not answer, and only the log says why', async () => {
  const broken = await startTestServer((await createTestDatabase('server')).url, clock, { log: kept.log })
  const { access } = broken.context.pools ?? {}
  await (access ?? broken.context.db).$client.end()
  const ready = await fetch(new URL('/readyz', broken.url))
  expect([ready.status, await ready.text()]).toEqual([503, 'The database does not answer.'])
  expect(kept.text()).toContain('CONNECTION_ENDED')
})

test('SEC14 a stream of changes whose database fails ends, and tells neither its screen nor stderr what was asked', async () => {
  const broken = await startTestServer((await createTestDatabase('server')).url, clock, { log: kept.log })
  const person = await broken.person('iris', 'operator')
  const { accountId } = (await person.ask(operations.readSession)).body
  const stream = await fetch(`${broken.url}${operations.followChanges.path}`, { headers: person.headers })
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader()
  expect((await reader?.read())?.value).toContain('open')
  const stderr = vi.spyOn(console, 'error')
  await broken.context.db.$client.end()
  const { access } = broken.context.pools ?? {}
  await access?.$client.notify(sessionsEndedChannel, accountId)
  const rest: string[] = []
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) rest.push(read.value)
  expect(rest.join('')).not.toMatch(/error|Failed query/)
  expect(stderr).not.toHaveBeenCalled()
  expect(kept.text()).toContain('a stream of changes ended early')
  expect(kept.text()).not.toContain('portal_session')
})
