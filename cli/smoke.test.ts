import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { SystemClock } from '../platform/clock/index.ts'
import { createTestDatabase } from '../test/support/database.ts'
import { startTestServer } from '../test/support/server.ts'
import { smoke } from './smoke.ts'

/** A built portal in little: a page that names its script. */
async function builtPortal(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ringmain-portal-'))
  await mkdir(join(folder, 'assets'))
  await writeFile(join(folder, 'index.html'), '<script type="module" src="/assets/index-1.js"></script>')
  await writeFile(join(folder, 'assets', 'index-1.js'), '0')
  return folder
}

test('a server that answers as it should passes every check from outside', async () => {
  const { url } = await createTestDatabase('server')
  const options = { portalFolder: await builtPortal() }
  const server = await startTestServer(url, new SystemClock(() => undefined), options)
  const checks = await smoke(server.portUrl)
  expect(checks.filter(({ ok }) => !ok)).toEqual([])
  expect(checks).toHaveLength(7)
})

test('a public address that is not the server’s own, and a portal that was not built, are found', async () => {
  const { url } = await createTestDatabase('server')
  const options = { publicUrl: 'https://elsewhere.example', portalFolder: join(tmpdir(), 'ringmain-no-portal') }
  const server = await startTestServer(url, new SystemClock(() => undefined), options)
  const failed = (await smoke(server.portUrl)).filter(({ ok }) => !ok)
  expect(failed.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['the portal is served', 'tokens are issued here']),
  )
  expect(failed.find(({ name }) => name === 'tokens are issued here')?.detail).toContain('is --public-url right?')
})

test('an address where nothing answers fails every check', async () => {
  const checks = await smoke('http://127.0.0.1:9')
  expect(checks.every(({ ok }) => !ok)).toBe(true)
})
