import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Instant } from '@js-joda/core'
import { beforeAll, expect, test } from 'vitest'
import { startRig } from '../../fsp/test/support/rig.ts'
import { SimulatedClock } from '../../platform/clock/index.ts'
import { controlApi } from '../../schemas/market/parties.ts'
import { atEnd } from '../support/cleanup.ts'
import { startControlFsp } from '../support/control-fsp.ts'
import { createTestDatabase } from '../support/database.ts'
import { registerFsp } from '../support/market.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const checkout = join(import.meta.dirname, '../..')
const guides = (await readdir(join(checkout, 'docs/guides'))).map((name) => `docs/guides/${name}`).sort()
const others = (await readdir(join(checkout, 'docs')))
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`)
/** Their commands are run by tests of their own. */
const testedElsewhere = ['docs/data-providers.md', 'docs/writing-an-fsp.md']

interface Commands {
  run: string[]
  /** Why the others are not run. */
  reasons: string[]
}

/** The commands of a page. What a test cannot run has a comment before it that says why. */
async function commandsOf(page: string): Promise<Commands> {
  const text = await readFile(join(checkout, page), 'utf8')
  const blocks = [...text.matchAll(/(?:<!-- (Not run by [^>]*?) -->\n)?```sh\n(.*?)```/gs)]
  return {
    run: blocks.filter(([, reason]) => !reason).map(([, , code]) => code as string),
    reasons: blocks.flatMap(([, reason]) => (reason ? [reason] : [])),
  }
}

let server: TestServer
let env: Record<string, string>

beforeAll(async () => {
  const { url } = await createTestDatabase('server')
  const folder = await mkdtemp(join(tmpdir(), 'ringmain-guides-'))
  atEnd(() => rm(folder, { recursive: true }))
  const portalFolder = join(folder, 'portal')
  await mkdir(join(portalFolder, 'assets'), { recursive: true })
  await writeFile(join(portalFolder, 'index.html'), '<script type="module" src="/assets/index-1.js"></script>')
  await writeFile(join(portalFolder, 'assets', 'index-1.js'), '0')
  server = await startTestServer(url, new SimulatedClock(Instant.parse('2026-02-02T10:00:00Z')), { portalFolder })
  const engineer = await server.person('erin', 'flexibility-engineer')
  const fsp = await registerFsp(
    server,
    engineer,
    'Depot Charging Ltd',
    await startControlFsp((await createTestDatabase('server')).db),
  )
  const rig = await startRig(undefined, {}, atEnd)
  await rig.register()
  const control = controlApi.parse(rig.dno.application?.controlApi)
  env = {
    DNO: server.portUrl,
    DATABASE_URL: url,
    RINGMAIN_DATA: join(folder, 'data'),
    RINGMAIN_SECRET_KEY: server.secretKey.toString('hex'),
    BACKUP_FOLDER: join(folder, 'backup'),
    CLIENT_ID: fsp.clientId,
    CLIENT_SECRET: fsp.clientSecret,
    CONTROL_URL: control.baseUrl,
    TOKEN_ENDPOINT: control.tokenEndpoint,
    DNO_CLIENT_ID: control.clientId,
    CONTROL_SCOPE: control.scope ?? '',
    RINGMAIN_CLIENT_SECRET: control.clientSecret ?? '',
  }
})

/** Runs a guide's commands one after the other in one shell, in the checkout, as somebody who follows it; files go to a folder of its own. */
async function follow(page: string): Promise<string> {
  const { run } = await commandsOf(page)
  const files = await mkdtemp(join(tmpdir(), 'ringmain-guide-'))
  atEnd(() => rm(files, { recursive: true }))
  const script = run.join('\n').replaceAll(/ -o (\S+)/g, ` -o ${files}/$1`)
  const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], {
    cwd: checkout,
    env: { ...process.env, ...env },
    maxBuffer: 64 * 1024 * 1024,
  })
  return stdout
}

/** What stands in the output of a guide's commands when they have done what it says. */
const outcomes: Record<string, readonly string[]> = {
  'docs/guides/quick-start.md': ['tokens are issued here', 'ready', 'verify-audit', 'RINGMAIN_PORT'],
  'docs/guides/planner.md': ['approveProfile: '],
  'docs/guides/settlement.md': ['"statements"'],
  'docs/guides/operator.md': ['outstation', 'tokens are issued here', 'DATABASE_URL', 'audit'],
  'docs/guides/fsp-integrator.md': ['"items"', 'the token endpoint gives a token'],
  'docs/guides/depot-manager.md': ['Usage: ringmain sim-depot'],
}

test.each(Object.entries(outcomes))('the commands of %s run as printed, and do what it says', async (page, outcome) => {
  const output = await follow(page)
  for (const part of outcome) expect(output).toContain(part)
})

test('every command of a guide is run, and one that is not says why', async () => {
  for (const page of [...guides, ...others, 'README.md']) {
    const { run, reasons } = await commandsOf(page)
    if (testedElsewhere.includes(page)) continue
    expect({ page, isRun: run.length === 0 || page in outcomes }).toEqual({ page, isRun: true })
    for (const reason of reasons) expect(reason, page).toMatch(/^Not run by .{3,}: .{10,}|^Not run by .{20,}/)
  }
})

test('every call that a guide names is an operation of the API', async () => {
  const { paths } = (await (await fetch(new URL('/openapi.json', server.portUrl))).json()) as {
    paths: Record<string, Record<string, unknown>>
  }
  const shape = (path: string) =>
    path.replace(/\{[^}]*\}|\/[A-Z]+(?=\/|$)/g, (part) => (part.startsWith('/') ? '/*' : '*'))
  const known = new Set(
    Object.entries(paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${shape(path)}`),
    ),
  )
  const named: string[] = []
  for (const page of guides) {
    const text = await readFile(join(checkout, page), 'utf8')
    for (const [, method, path] of text.matchAll(/`(GET|POST|PUT|PATCH|DELETE) \/api(\/[^`?]+)`/g))
      named.push(`${method} ${shape(path ?? '')}`)
    for (const [, path] of text.matchAll(/\$DNO\/api(\/[^"?]+)"/g)) named.push(`GET ${shape(path ?? '')}`)
  }
  expect(named.length).toBeGreaterThan(2)
  expect(named.filter((call) => !known.has(call))).toEqual([])
})
