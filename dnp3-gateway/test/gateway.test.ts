import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
import { SimulatedClock, SystemClock } from '../../platform/clock/index.ts'
import { StartupError } from '../../platform/errors/index.ts'
import { createLog } from '../../platform/log/index.ts'
import { FunctionCode, TlsIdentity } from '../dnp3/index.ts'
import { newAuthority } from '../dnp3/test/support/certificates.ts'
import { startGateway } from '../index.ts'
import { Certificate } from '../polling/certificate.ts'
import { hubIdOf, start, startRig } from './support/rig.ts'

async function newFolder() {
  const path = await mkdtemp(join(tmpdir(), 'ringmain-gateway-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

describe('metrics', () => {
  test('are served for the gateway as a whole and for each hub', async () => {
    await using rig = await startRig({ hubs: 2, gateway: { metricsPort: 0 } })
    await rig.pass(60)
    const url = rig.gateway.metricsUrl ?? ''
    const response = await fetch(url)
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    const text = await response.text()
    expect(text).toContain('# TYPE ringmain_gateway_polls_total counter\nringmain_gateway_polls_total 6\n')
    expect(text).toContain('ringmain_gateway_hubs_online 2\n')
    expect(text).toContain('ringmain_gateway_delivery_lag_seconds_bucket{le="0.1"} 4\n')
    expect(text).toContain('ringmain_gateway_delivery_lag_seconds_count 4\n')
    const perHub = await (await fetch(new URL('/metrics/hubs', url))).text()
    expect(perHub).toContain(`ringmain_gateway_hub_polls_total{hub="${hubIdOf(2)}",name="Hub 2"} 3\n`)
    expect(perHub).toContain(`ringmain_gateway_hub_clock_drift_seconds{hub="${hubIdOf(1)}",name="Hub 1"} 0\n`)
    // The format has empty lines between metrics.
    for (const line of `${text}${perHub}`.split('\n').filter((each) => each !== ''))
      expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{.*\})? -?[\d.e+-]+)$/)
  })
})

describe('the function-code allow-list', () => {
  test('lets a gateway read and set the time by default, and less when it is narrowed', async () => {
    await using rig = await startRig({ gateway: { allowedFunctions: [FunctionCode.read] } })
    await rig.pass(60)
    const { outstation } = rig.hubs.hub(hubIdOf(1))
    outstation.requestTime()
    rig.hubs.hub(hubIdOf(1)).drift(10_000)
    await rig.pass(600)
    expect(outstation.time() - rig.clock.now().toEpochMilli()).toBe(10_000)
    expect(rig.dno.report(hubIdOf(1))).toMatchObject({ link: 'online', failedPolls: 0, clockDriftMs: 10_000 })
  })
})

describe('starting', () => {
  test('FM26 connects to a large fleet step by step', async () => {
    await using rig = await startRig({ hubs: 300 })
    const connections = () =>
      rig.dno.hubs.reduce((sum, { hubId }) => sum + (rig.hubs.hub(hubId).relay?.connections ?? 0), 0)
    await vi.waitFor(() => expect(connections()).toBe(250), { timeout: 10_000 })
    await rig.pass(60)
    expect(connections()).toBe(300)
    expect(rig.gateway.counters()).toMatchObject({ hubs: 300, hubsOnline: 300, failedPolls: 0, waiting: 0 })
    expect(rig.dno.readings()).toHaveLength(rig.hubs.pointsAnswered())
  })

  test('FM26 reconnects step by step when a large fleet is lost at once', async () => {
    await using rig = await startRig({ hubs: 600 })
    await rig.pass(60)
    expect(rig.gateway.counters()).toMatchObject({ hubsOnline: 600, failedPolls: 0 })
    const relays = rig.dno.hubs.flatMap(({ hubId }) => rig.hubs.hub(hubId).relay ?? [])
    const connections = () => relays.reduce((sum, relay) => sum + relay.connections, 0)
    const before = connections()
    for (const relay of relays) relay.cut()
    // All waits, half a second to a second of the clock, are over after the second tick; sockets take their own time.
    for (let ticks = 0; connections() - before < 600; ticks++) {
      expect(connections() - before).toBeLessThanOrEqual(250 * (ticks + 1))
      await rig.pass(0.5)
      await setImmediate()
    }
    await rig.pass(60)
    expect(connections() - before).toBe(600)
    expect(rig.gateway.counters().hubsOnline).toBe(600)
  })

  test('an unusable spool folder is one clear sentence', async () => {
    const log = createLog('test', 'silent')
    const clock = new SystemClock(() => undefined)
    const options = { gatewayId: 'g', serverUrl: 'http://127.0.0.1:1', clientId: 'g', clientSecret: 's', clock, log }
    const starting = startGateway({ ...options, spoolFolder: '/dev/null/spool' })
    await expect(starting).rejects.toThrow(StartupError)
    await expect(starting).rejects.toThrow(/^The spool folder \/dev\/null\/spool cannot be used/)
  })
})

describe('mutual TLS', () => {
  async function certificates(folder: string) {
    const authority = await newAuthority('Ringmain test authority')
    const write = async (name: string) => {
      const { ca, cert, key } = await authority.issue(name)
      for (const [file, text] of Object.entries({ ca, cert, key })) await writeFile(join(folder, `${file}.pem`), text)
    }
    await write('gateway-1')
    const tlsFiles = {
      caFile: join(folder, 'ca.pem'),
      certFile: join(folder, 'cert.pem'),
      keyFile: join(folder, 'key.pem'),
    }
    return { authority, write, tlsFiles }
  }

  test('is used for hubs whose assignment says so, and only if they bear the right name', async () => {
    await using folder = await newFolder()
    const { authority, tlsFiles } = await certificates(folder.path)
    const identity = new TlsIdentity(await authority.issue('hub-1'))
    await using rig = await startRig({
      hub: { tls: { identity } },
      assignment: { tlsName: 'hub-1' },
      gateway: { tlsFiles },
    })
    await rig.pass(60)
    expect(rig.gateway.counters()).toMatchObject({ hubsOnline: 1, failedPolls: 0 })
    // FM31: the server is told when it ends.
    expect(Date.parse(rig.dno.gatewayReport?.certificateEndsAt ?? '')).toBeGreaterThan(Date.now())
    rig.dno.hubs = rig.dno.hubs.map((hub) => ({ ...hub, tlsName: 'hub-2' }))
    await rig.pass(60)
    await vi.waitFor(
      async () => {
        await rig.pass(30)
        expect(rig.gateway.counters()).toMatchObject({ hubsOnline: 0 })
      },
      { timeout: 10_000 },
    )
    const { readings } = rig.gateway.counters()
    await rig.pass(300)
    expect(rig.gateway.counters().readings).toBe(readings)
  })

  test('a hub that needs it is not called without a certificate', async () => {
    await using rig = await startRig({ assignment: { tlsName: 'hub-1' } })
    await rig.pass(120)
    expect(rig.hubs.hub(hubIdOf(1)).relay?.connections).toBe(0)
    expect(rig.dno.report(hubIdOf(1))).toMatchObject({ link: 'offline', polls: 0 })
  })

  test('a certificate is replaced without a restart, and an unsuitable one leaves the old one in use', async () => {
    await using folder = await newFolder()
    const { authority, write, tlsFiles } = await certificates(folder.path)
    const clock = new SimulatedClock(start)
    const certificate = Certificate.open(tlsFiles, clock, createLog('test', 'silent'))
    const first = certificate.identity.current
    await clock.advanceTo(start.plusSeconds(60))
    expect(certificate.identity.current).toBe(first)
    await write('gateway-2')
    await clock.advanceTo(start.plusSeconds(120))
    const second = certificate.identity.current
    expect(second.cert).not.toBe(first.cert)
    await writeFile(tlsFiles.keyFile, (await authority.issue('other')).key)
    await clock.advanceTo(start.plusSeconds(180))
    expect(certificate.identity.current).toBe(second)
    certificate.close()
    expect(() => Certificate.open(tlsFiles, clock, createLog('test', 'silent'))).toThrow(StartupError)
  })
})

describe('with the machine’s clock', () => {
  test('a hub that does not answer delays neither the polls nor the delivery of the others', {
    timeout: 20_000,
  }, async () => {
    await using rig = await startRig({ hubs: 2 })
    for (const hub of rig.dno.hubs) hub.integrityPollS = 1
    rig.hubs.hub(hubIdOf(1)).relay?.silence(true)
    const clock = new SystemClock((_, error) => {
      throw error
    })
    await rig.restartGateway({ clock, link: { responseTimeoutMs: 60_000 } })
    await vi.waitFor(() => expect(rig.dno.sequences(hubIdOf(2)).length).toBeGreaterThanOrEqual(3), { timeout: 10_000 })
    expect(rig.dno.sequences(hubIdOf(1))).toEqual([])
    expect(rig.gateway.hubs().find((hub) => hub.hubId === hubIdOf(1))).toMatchObject({ link: 'offline', polls: 1 })
  })
})
