import { describe, expect, test, vi } from 'vitest'
import { SystemClock } from '../../platform/clock/index.ts'
import { StartupError } from '../../platform/errors/index.ts'
import { createLog } from '../../platform/log/index.ts'
import { FunctionCode } from '../dnp3/index.ts'
import { startGateway } from '../index.ts'
import { hubIdOf, startRig } from './rig.ts'

describe('metrics', () => {
  test('are served for the gateway as a whole and for each hub', async () => {
    await using rig = await startRig({ hubs: 2, gateway: { metricsPort: 0 } })
    await rig.pass(60)
    const url = rig.gateway.metricsUrl ?? ''
    const text = await (await fetch(url)).text()
    expect(text).toContain('# TYPE ringmain_gateway_polls_total counter\nringmain_gateway_polls_total 6\n')
    expect(text).toContain('ringmain_gateway_hubs_online 2\n')
    expect(text).toContain('ringmain_gateway_delivery_lag_seconds_bucket{le="0.1"} 4\n')
    expect(text).toContain('ringmain_gateway_delivery_lag_seconds_count 4\n')
    const perHub = await (await fetch(`${url}/hubs`)).text()
    expect(perHub).toContain(`ringmain_gateway_hub_polls_total{hub="${hubIdOf(2)}",name="Hub 2"} 3\n`)
    expect(perHub).toContain(`ringmain_gateway_hub_clock_drift_seconds{hub="${hubIdOf(1)}",name="Hub 1"} 0\n`)
    for (const line of `${text}${perHub}`.trimEnd().split('\n'))
      expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{.*\})? -?[\d.e+-]+)$/)
  })
})

describe('the function-code allow-list', () => {
  test('lets a gateway read and set the time by default, and nothing else when it is narrowed', async () => {
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
  test('FM26 a large fleet is connected to bit by bit', async () => {
    await using rig = await startRig({ hubs: 300 })
    const connections = () =>
      rig.dno.hubs.reduce((sum, { hubId }) => sum + (rig.hubs.hub(hubId).relay?.connections ?? 0), 0)
    await vi.waitFor(() => expect(connections()).toBe(250), { timeout: 10_000 })
    await rig.pass(60)
    expect(connections()).toBe(300)
    expect(rig.gateway.counters()).toMatchObject({ hubs: 300, hubsOnline: 300, failedPolls: 0, waiting: 0 })
    expect(rig.dno.readings()).toHaveLength(rig.hubs.pointsAnswered())
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

describe('with the machine’s clock', () => {
  test('a hub that does not answer holds up neither the polls nor the delivery of others', {
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
