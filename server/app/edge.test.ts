import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Instant } from '@js-joda/core'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SimulatedClock } from '../../platform/clock/index.ts'
import { createLog } from '../../platform/log/index.ts'
import { operations } from '../../schemas/operations.ts'
import { pathOf } from '../../schemas/vocabulary/client.ts'
import { isFile, type Operation } from '../../schemas/vocabulary/operation.ts'
import { createTestDatabase } from '../../test/support/database.ts'
import { pour } from '../../test/support/pouring.ts'
import { startTestServer, type TestServer } from '../../test/support/server.ts'
import { alarmTarget } from '../grid/notices/tables.ts'
import { startServer } from './index.ts'

const clock = new SimulatedClock(Instant.parse('2026-01-15T08:00:00Z'))
const mebibyte = 1024 * 1024
let server: TestServer
let databaseUrl = ''

beforeAll(async () => {
  databaseUrl = (await createTestDatabase('server')).url
  server = await startTestServer(databaseUrl, clock)
})

const posts = Object.entries<Operation>(operations).filter(([, stated]) => stated.method === 'post' && stated.body)

/** Where an operation is, with made-up parameters. */
function urlOf(stated: Operation): string {
  const params = Object.fromEntries(Object.keys(stated.params?.shape ?? {}).map((name) => [name, 'x']))
  return `${server.url}${pathOf(stated, { params } as never)}`
}

describe('SEC05 a body of 30 MB from nobody', () => {
  test.each(posts)('is not taken by %s', async (_, stated) => {
    const type = isFile(stated.body) ? stated.body.file : 'application/json'
    const heard = await pour(urlOf(stated), 30 * mebibyte, { 'content-type': type })
    expect([401, 413]).toContain(heard.status)
    expect(heard.sent).toBeLessThan(4 * mebibyte)
  })

  test.each(['token', 'auth', 'jwks', 'nothing'])('is not taken by the authorization server at %s', async (path) => {
    const url = `${server.issuer.issuer}/${path}`
    const heard = await pour(url, 30 * mebibyte, { 'content-type': 'application/x-www-form-urlencoded' })
    expect(heard.status).toBeGreaterThanOrEqual(400)
    expect(heard.sent).toBeLessThan(4 * mebibyte)
  })

  test('is not taken by a page', async () => {
    const heard = await pour(new URL('/', server.url).href, 30 * mebibyte)
    expect([heard.status, heard.sent < 4 * mebibyte]).toEqual([404, true])
  })
})

test('SEC12 an address that the authorization server would read for seconds is refused at once', async () => {
  const response = await fetch(`${server.issuer.issuer}/auth?${'a&'.repeat(3_900)}`)
  expect(response.status).toBe(414)
  expect(await response.json()).toMatchObject({ type: 'urn:ringmain:problem:address-too-long' })
})

describe('SEC16 what is sealed in the database', () => {
  const form = { kind: 'webhook' as const, fromPriority: 'low' as const, active: true }

  async function targetWith(name: string, key: string): Promise<string> {
    const admin = await server.person(`admin-${name}`, 'administrator')
    const body = { ...form, name, address: 'https://hooks.example/', key }
    return (await admin.ask(operations.addAlarmTarget, { body })).body.targetId
  }
  const sealedOf = async (targetId: string) => {
    const [row] = await server.context.db.select().from(alarmTarget).where(eq(alarmTarget.targetId, targetId))
    return row?.sealedKey ?? ''
  }

  test('opens for its own row only', async () => {
    const [one, other] = [
      await targetWith('one', 'first key of a webhook'),
      await targetWith('other', 'second key of it'),
    ]
    const { secrets } = server.context
    const use = (of: string) => ({ purpose: 'alarm-target.key', of })
    expect(secrets.open(await sealedOf(one), use(one))).toBe('first key of a webhook')
    const moved = await sealedOf(other)
    expect(() => secrets.open(moved, use(one))).toThrow()
  })

  test('is sealed with the newest key when a server starts; without the older one it does not open', async () => {
    const id = await targetWith('kept', 'key of a kept webhook')
    const before = await sealedOf(id)
    const folder = await mkdtemp(join(tmpdir(), 'ringmain-keys-'))
    afterAll(() => rm(folder, { recursive: true }))
    const file = join(folder, 'server.key')
    const [older, newer] = [server.secretKey.toString('hex'), 'ab'.repeat(32)]
    await writeFile(file, `${newer}\n${older}\n`, { mode: 0o600 })
    const options = { databaseUrl, host: '127.0.0.1', port: 0, role: 'api' as const, environment: 'demo' as const }
    const log = createLog('test', 'silent')
    const next = await startServer({ ...options, secretKeyFile: file, clock, log })
    const after = await sealedOf(id)
    expect(after.split('.')[1]).not.toBe(before.split('.')[1])
    const use = { purpose: 'alarm-target.key', of: id }
    expect(next.context.secrets.open(after, use)).toBe('key of a kept webhook')
    expect(() => server.context.secrets.open(after, use)).toThrow('does not have')
    // Back again, so that the server of this file can go on.
    await next.close()
    await writeFile(file, `${older}\n${newer}\n`, { mode: 0o600 })
    await (await startServer({ ...options, secretKeyFile: file, clock, log })).close()
    expect(server.context.secrets.open(await sealedOf(id), use)).toBe('key of a kept webhook')
  })
})

test('SEC18 a server does not start on a damaged key file, and leaves it as it is', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ringmain-keys-'))
  afterAll(() => rm(folder, { recursive: true }))
  const file = join(folder, 'server.key')
  await writeFile(file, 'abcd\n', { mode: 0o600 })
  const starting = startServer({
    databaseUrl,
    host: '127.0.0.1',
    port: 0,
    role: 'api',
    environment: 'demo',
    secretKeyFile: file,
    clock,
    log: createLog('test', 'silent'),
  })
  await expect(starting).rejects.toThrow(`The key file ${file} must hold keys of 64 hexadecimal digits`)
  expect(await readFile(file, 'utf8')).toBe('abcd\n')
  const [row] = await server.context.db.execute(sql`select count(*)::int as count from signing_key`)
  expect(row).toEqual({ count: 1 })
})
