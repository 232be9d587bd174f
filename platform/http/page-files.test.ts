import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { screen } from '../../test/support/screen.ts'
import { portalFiles } from './page-files.ts'

let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ringmain-static-'))
  await mkdir(join(folder, 'portal', 'assets'), { recursive: true })
  await writeFile(join(folder, 'portal', 'index.html'), 'the page')
  await writeFile(join(folder, 'portal', 'assets', 'main.js'), 'the script')
  await writeFile(join(folder, 'server.key'), 'the key')
})

afterAll(() => rm(folder, { recursive: true }))

const get = async (path: string) => {
  const response = await portalFiles(join(folder, 'portal')).request(path)
  return { status: response.status, text: await response.text(), cache: response.headers.get('cache-control') }
}

test('files are served, every other address is the page, and a missing asset is said to be missing', async () => {
  expect(await get('/assets/main.js')).toMatchObject({ status: 200, text: 'the script' })
  expect((await get('/assets/main.js')).cache).toContain('immutable')
  expect(await get(screen('connections/7?day=2026-01-15'))).toEqual({
    status: 200,
    text: 'the page',
    cache: 'no-cache',
  })
  expect(await get('/assets/old.js')).toMatchObject({ status: 404, text: 'File /assets/old.js not found.' })
})

test('nothing outside the folder is served, however its address is written', async () => {
  for (const path of ['/../server.key', '/..%2fserver.key', '/%2e%2e/server.key', '/assets/..%2f..%2fserver.key']) {
    const { text } = await get(path)
    expect(text, path).not.toContain('the key')
  }
})

test('an address that is no text is the page, not a fault', async () => {
  expect(await get('/%E0%A4%A')).toMatchObject({ status: 200, text: 'the page' })
})

test('before the portal has been built the page says what to do', async () => {
  const response = await portalFiles(join(folder, 'nowhere')).request('/')
  expect([response.status, await response.text()]).toEqual([
    404,
    'The portal has not been built yet: run `npm start`, which builds it, or `npm run build`, and reload this page.',
  ])
})

test('a portal below a path of its own is there alone', async () => {
  const app = portalFiles(join(folder, 'portal'), '/portal')
  const texts = ['/portal/', '/portal/depots/yard', '/portal/assets/main.js'].map(async (path) =>
    (await app.request(path)).text(),
  )
  expect(await Promise.all(texts)).toEqual(['the page', 'the page', 'the script'])
  expect((await app.request('/assets/main.js')).status).toBe(404)
})
