import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePorts } from '../../platform/ports/index.ts'
import { depotAccessOperations } from '../../schemas/fsp/depot-access.ts'
import { depotOperations } from '../../schemas/fsp/depot-api.ts'
import { operations } from '../../schemas/operations.ts'
import { createClient } from '../support/client.ts'
import { createTestDatabase } from '../support/database.ts'

const cli = fileURLToPath(new URL('../../cli/main.ts', import.meta.url))
const database = await createTestDatabase('server')
const fspDatabase = await createTestDatabase('fsp')
const children: ChildProcess[] = []
let folder = ''

interface Ran {
  code: number | null
  stdout: string
  stderr: string
}

/** Starts `ringmain …` as a process of its own. */
function start(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [cli, ...args], {
    env: { ...process.env, RINGMAIN_LOG_LEVEL: 'fatal', DATABASE_URL: database.url, RINGMAIN_DATA: folder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.push(child)
  const ran: Ran = { code: null, stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => (ran.stdout += String(chunk)))
  child.stderr.on('data', (chunk) => (ran.stderr += String(chunk)))
  const ended = new Promise<Ran>((resolve) => child.once('close', (code) => resolve({ ...ran, code })))
  return { child, ran, ended }
}

const run = (args: string[], env: Record<string, string> = {}) => start(args, env).ended

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ringmain-commands-'))
})

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  await rm(folder, { recursive: true, force: true })
})

describe('what the person who starts a process can mend is one sentence and exit code 1', () => {
  test('a busy port', async () => {
    const holder = createServer()
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', () => resolve()))
    const { port } = holder.address() as { port: number }
    const { code, stderr } = await run(['serve', '--port', String(port)])
    const env = { RINGMAIN_SITE_LOAD_KEY: 'a key of the test', RINGMAIN_FSP_DATABASE_URL: fspDatabase.url }
    const fsp = await run(['fsp', '--port', String(port), '--ocpp-port', '0'], env)
    await new Promise((resolve) => holder.close(resolve))
    expect(stderr.trim().split('\n')).toEqual([
      expect.stringContaining(`Port ${port} on 127.0.0.1, for the server, is in use`),
    ])
    // The flag has another name where the whole system is started; the variable is the same.
    expect(fsp.stderr.trim().split('\n')).toEqual([
      expect.stringContaining('choose another port with RINGMAIN_FSP_PORT'),
    ])
    expect([code, fsp.code]).toEqual([1, 1])
  })

  test('a data folder that cannot be written', async () => {
    const { code, stderr } = await run(['serve', '--data', '/proc/ringmain'], { DATABASE_URL: '' })
    expect(stderr.trim()).toMatch(/^The data folder \/proc\/ringmain.* cannot be written .*choose another with --data/)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(code).toBe(1)
  })

  test('a wrong DATABASE_URL', async () => {
    for (const url of ['postgres://ringmain:hush@127.0.0.1:1/ringmain', 'nonsense']) {
      const { code, stderr } = await run(['serve', '--port', '0'], { DATABASE_URL: url })
      expect(stderr.trim().split('\n')).toEqual([expect.stringContaining('DATABASE_URL')])
      expect(stderr).not.toContain('hush')
      expect(code).toBe(1)
    }
  })

  test('a secret that is missing, and a flag that makes no sense', async () => {
    const { code, stderr } = await run(['gateway'])
    expect(stderr.trim()).toBe(
      'The gateway needs its client secret: set RINGMAIN_GATEWAY_SECRET, or use --client-secret.',
    )
    expect(code).toBe(1)
    expect((await run(['day', '--date', 'tomorrow'])).stderr).toContain('It must be a date such as 2026-01-15.')
    expect((await run(['serve', '--port', '70000'])).code).toBe(1)
  })

  test('a file of sessions that is not there', async () => {
    const { code, stdout, stderr } = await run(['day', '--sessions', join(folder, 'none.csv'), '--json'])
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr.trim().split('\n')).toEqual([expect.stringContaining('none.csv')])
  })
})

test('every command explains itself, with its flags and variables', { timeout: 120_000 }, async () => {
  const { stdout, code } = await run(['--help'])
  expect(code).toBe(0)
  const commands = ['start', 'serve', 'gateway', 'fsp', 'fsp-check', 'simulate', 'day', 'settle', 'dnp3']
  for (const command of commands) expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, 'm'))
  const [serve, day] = await Promise.all([run(['serve', '--help']), run(['day', '--help'])])
  expect(serve.stdout).toContain('RINGMAIN_PORT')
  expect(day.stdout).toContain('--sessions')
})

test('each process runs alone, finds the others by its flags, and ends on SIGTERM', async () => {
  const [serverPort = 0, fspPort = 0, ocppPort = 0, worldPort = 0] = await freePorts(4)
  const serverUrl = `http://127.0.0.1:${serverPort}`
  const keys = {
    RINGMAIN_SITE_LOAD_KEY: 'a key of the test',
    RINGMAIN_FSP_ADMIN_PASSWORD: 'a pass phrase of the test',
    RINGMAIN_CHARGE_POINT_SECRET: 'a secret of the test’s charge points',
    RINGMAIN_FSP_DATABASE_URL: fspDatabase.url,
  }
  const server = start(['serve', '--port', String(serverPort)])
  await expect.poll(() => server.ran.stdout, { timeout: 60_000 }).toContain(`The server is at ${serverUrl}`)
  const fsp = start(['fsp', '--port', String(fspPort), '--ocpp-port', String(ocppPort), '--dno', serverUrl], keys)
  await expect.poll(() => fsp.ran.stdout, { timeout: 60_000 }).toContain('The FSP is at')
  const world = ['simulate', 'chargepoints', '--port', String(worldPort), '--ocpp', `ws://127.0.0.1:${ocppPort}/ocpp`]
  const chargePoints = start([...world, '--fsp', `http://127.0.0.1:${fspPort}`], keys)
  await expect.poll(() => chargePoints.ran.stdout, { timeout: 60_000 }).toContain('world is at')
  const hubs = start(['simulate', 'hubs', '--base-port', '0', '--world', `http://127.0.0.1:${worldPort}`])
  await expect.poll(() => hubs.ran.stdout, { timeout: 60_000 }).toMatch(/^Islington: 127\.0\.0\.1:\d+$/m)
  const gateway = start(['gateway', '--server', serverUrl], { RINGMAIN_GATEWAY_SECRET: 'not registered' })
  await expect.poll(() => gateway.ran.stdout, { timeout: 60_000 }).toContain('The gateway gateway-1 works for')

  expect((await fetch(`${serverUrl}/readyz`)).status).toBe(200)
  expect((await fetch(`${serverUrl}/api${operations.listDemoAccounts.path}`)).status).toBe(404)
  const fspApi = createClient(`http://127.0.0.1:${fspPort}`)
  const login = { username: 'admin', password: keys.RINGMAIN_FSP_ADMIN_PASSWORD }
  const { token } = (await fspApi.ask(depotAccessOperations.logIn, { body: login })).body
  const headers = { authorization: `Bearer ${token}` }
  const connected = async () => {
    const depots = (await (
      await fetch(`http://127.0.0.1:${fspPort}${depotOperations.listDepots.path}`, { headers })
    ).json()) as {
      sockets: { connected: boolean }[]
    }[]
    return depots.flatMap((depot) => depot.sockets).filter((socket) => socket.connected).length
  }
  await expect.poll(connected, { timeout: 60_000 }).toBeGreaterThan(200)

  for (const process of [gateway, hubs, chargePoints, fsp, server]) {
    process.child.kill('SIGTERM')
    expect((await process.ended).code).toBe(0)
  }
}, 240_000)
