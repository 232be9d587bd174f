import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { describe, expect, test } from 'vitest'
import { StartupError } from '../platform/errors/index.ts'
import { atEnd } from '../test/support/cleanup.ts'
import { startCollector } from '../test/support/collector.ts'
import { createTestDatabase } from '../test/support/database.ts'
import { commands } from './commands.ts'
import { configurationFaults } from './configuration/check.ts'
import { tracingFrom } from './tracing.ts'

const log = pino({ level: 'silent' })
const nobody = 'http://127.0.0.1:9'

test('what the environment says of tracing is checked as a whole, and named in what is wrong', async () => {
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318',
    OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
    OTEL_TRACES_SAMPLER: 'always_on',
    OTEL_TRACES_SAMPLER_ARG: '2',
    OTEL_SDK_DISABLED: 'yes',
  }
  const faults = [
    { variable: 'OTEL_EXPORTER_OTLP_ENDPOINT', fault: 'It must be an address such as https://ringmain.example.' },
    { variable: 'OTEL_EXPORTER_OTLP_PROTOCOL', fault: 'It must be http/json.' },
    { variable: 'OTEL_TRACES_SAMPLER', fault: 'It must be parentbased_traceidratio.' },
    { variable: 'OTEL_TRACES_SAMPLER_ARG', fault: 'It must be a number from 0 to 1.' },
    { variable: 'OTEL_SDK_DISABLED', fault: 'It must be true or false.' },
  ]
  for (const command of ['serve', 'gateway', 'fsp', 'start', 'simulate'])
    expect(await configurationFaults(command, env, commands)).toEqual(faults)
  await expect(tracingFrom(env, 'server', log)).rejects.toThrow(StartupError)
  await expect(tracingFrom(env, 'server', log)).rejects.toThrow('OTEL_EXPORTER_OTLP_ENDPOINT: It must be an address')
  const empty = Object.fromEntries(Object.keys(env).map((name) => [name, '']))
  expect(await configurationFaults('serve', empty, commands)).toEqual([])
})

test('nothing is traced without a collector, or when that is said', async () => {
  expect(await tracingFrom({ OTEL_SERVICE_NAME: 'x' }, 'server', log)).toEqual({})
  expect(await tracingFrom({ OTEL_EXPORTER_OTLP_ENDPOINT: '' }, 'server', log)).toEqual({})
  const disabled = { OTEL_EXPORTER_OTLP_ENDPOINT: nobody, OTEL_SDK_DISABLED: 'true' }
  expect(await tracingFrom(disabled, 'server', log)).toEqual({})
})

test('a key for the collector is not sent in the clear beyond this machine', async () => {
  const OTEL_EXPORTER_OTLP_HEADERS = 'authorization=Bearer%20KEY'
  const at = (OTEL_EXPORTER_OTLP_ENDPOINT: string) =>
    tracingFrom({ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_HEADERS }, 'server', log)
  await expect(at('http://collector.example:4318')).rejects.toThrow('would pass in the clear')
  for (const url of [nobody, 'https://collector.example']) await (await at(url)).tracing?.close()
})

describe('a server of its own', () => {
  /** Runs `ringmain serve` until one request has been answered, ends it, and says how it ended. */
  async function serveOnce(env: Record<string, string>) {
    const folder = await mkdtemp(join(tmpdir(), 'ringmain-traces-'))
    atEnd(() => rm(folder, { recursive: true, force: true }))
    const { url } = await createTestDatabase('server')
    const main = fileURLToPath(new URL('main.ts', import.meta.url))
    const seen = fileURLToPath(new URL('../test/support/loaded-modules.mjs', import.meta.url))
    const child = spawn(process.execPath, ['--import', seen, main, 'serve', '--port', '0', '--role', 'api'], {
      env: { ...process.env, DATABASE_URL: url, RINGMAIN_DATA: folder, RINGMAIN_LOG_LEVEL: 'info', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    atEnd(() => child.kill('SIGKILL'))
    let [out, errors] = ['', '']
    child.stderr.on('data', (chunk) => (errors += String(chunk)))
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
    const address = await new Promise<string>((resolve, reject) => {
      child.stdout.on('data', (chunk) => {
        out += String(chunk)
        const [, found] = /The server is at (\S+)/.exec(out) ?? []
        if (found) resolve(found)
      })
      void ended.then((code) => reject(new Error(`it ended with ${code}: ${errors}`)))
    })
    expect((await fetch(`${address}/openapi-control.json`)).status).toBe(200)
    child.kill('SIGTERM')
    const code = await ended
    return { code, errors, modules: errors.split('\n').filter((line) => line.startsWith('loaded ')) }
  }

  test('delivers what it has recorded before it ends', async () => {
    const collector = await startCollector()
    const { code, modules } = await serveOnce({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url })
    expect(code).toBe(0)
    expect(collector.spans()).toContainEqual(
      expect.objectContaining({ service: 'ringmain-server', name: 'GET /openapi-control.json' }),
    )
    expect(modules.join()).toContain('@opentelemetry/sdk-trace')
  })

  test('ends in time while its collector hangs', async () => {
    const collector = await startCollector()
    collector.behaviour = 'hang'
    // Had it been ended for taking too long, the code would be 1.
    expect((await serveOnce({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url })).code).toBe(0)
    expect(collector.requests).toBeGreaterThan(0)
  })

  test('loads nothing of the SDK without a collector', async () => {
    const { code, modules } = await serveOnce({ OTEL_EXPORTER_OTLP_ENDPOINT: '' })
    expect(code).toBe(0)
    expect(modules.length).toBeGreaterThan(100)
    expect(modules.filter((line) => /opentelemetry\/(?!api)/.test(line))).toEqual([])
  })
})
