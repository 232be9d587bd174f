import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { createLog } from '../../platform/log/index.ts'
import type { HubAssignment } from '../../schemas/grid/gateway.ts'
import { connectTcpOutstation, createOutstation, TlsIdentity } from '../dnp3/index.ts'
import { newAuthority } from '../dnp3/test/support/certificates.ts'
import { startGateway } from '../index.ts'
import { hubIdOf, type Rig, startRig } from './support/rig.ts'

/** How long real sockets may take on a busy machine. */
const patience = { timeout: 10_000 }
const ports = { dialIn: { host: '127.0.0.1', port: 0 } }

const valueAt0 = {
  group: 30,
  index: 0,
  feeder: 1,
  phase: 'L1' as const,
  quantity: 'current' as const,
  scale: 1,
}

function dialsIn(n: number, given: Partial<HubAssignment> = {}): HubAssignment {
  return {
    hubId: hubIdOf(n),
    name: `Hub ${n}`,
    host: '',
    port: 0,
    dialsIn: true,
    localAddress: 1,
    remoteAddress: 20 + n,
    integrityPollS: 60,
    pointMap: [valueAt0],
    storedSequence: 0,
    ...given,
  }
}

/** A monitor behind a mobile network; it says who it is as soon as it has called. */
function monitor(address: number, value: number) {
  return createOutstation({
    address,
    masterAddress: 1,
    unsolicited: {},
    points: [{ type: 'analog', index: 0, eventClass: 2, value, flags: 1 }],
  })
}

const statusOf = (rig: Rig, n = 1) => rig.gateway.hubs().find((hub) => hub.hubId === hubIdOf(n))
const valuesOf = (rig: Rig, n = 1) => rig.dno.readings(hubIdOf(n)).map((reading) => reading.value)

async function assign(rig: Rig, ...hubs: HubAssignment[]) {
  rig.dno.hubs = hubs
  await rig.pass(60)
}

describe('hubs that call the gateway', () => {
  test('are polled as soon as they have called, each identified by its link address', async () => {
    await using rig = await startRig({ hubs: 0, gateway: ports })
    await assign(rig, dialsIn(1), dialsIn(2))
    expect(rig.dno.report(hubIdOf(1))).toMatchObject({ link: 'offline', polls: 0, failedPolls: 0 })
    const port = rig.gateway.dialInPort ?? 0
    const [first, second] = [monitor(21, 210), monitor(22, 220)]
    const dialers = [first, second].map((m) => connectTcpOutstation(m, { host: '127.0.0.1', port }))
    await vi.waitFor(() => expect(rig.gateway.counters().hubsOnline).toBe(2), patience)
    await rig.pass(0.5)
    expect([valuesOf(rig, 1), valuesOf(rig, 2)]).toEqual([[210], [220]])
    first.update('analog', 0, 211)
    await rig.pass(60)
    expect(valuesOf(rig, 1)).toContain(211)
    expect(rig.gateway.counters()).toMatchObject({ failedPolls: 0, turnedAway: 0 })
    for (const dialer of dialers) await dialer.close()
  })

  test('that hang up are off-line and cause no failed polls; when they call again everything is read', async () => {
    await using rig = await startRig({ hubs: 0, gateway: ports })
    await assign(rig, dialsIn(1))
    const outstation = monitor(21, 1)
    const target = { host: '127.0.0.1', port: rig.gateway.dialInPort ?? 0 }
    const dialer = connectTcpOutstation(outstation, target)
    await vi.waitFor(() => expect(statusOf(rig)?.link).toBe('online'), patience)
    await dialer.close()
    await vi.waitFor(async () => {
      await rig.pass(30)
      expect(statusOf(rig)?.link).toBe('offline')
    }, patience)
    const { polls, failedPolls } = statusOf(rig) ?? {}
    await rig.pass(300)
    expect(statusOf(rig)).toMatchObject({ polls, failedPolls })
    outstation.update('analog', 0, 2)
    const again = connectTcpOutstation(outstation, target)
    await vi.waitFor(() => expect(statusOf(rig)?.link).toBe('online'), patience)
    await rig.pass(60)
    expect(valuesOf(rig)).toContain(2)
    await again.close()
  })

  test('that wait for the gateway to speak first are identified by the address they call from', async () => {
    await using rig = await startRig({ hubs: 0, gateway: ports })
    await assign(rig, dialsIn(1, { host: '127.0.0.1' }))
    const silent = createOutstation({ address: 21, points: [{ type: 'analog', index: 0, value: 5, flags: 1 }] })
    const dialer = connectTcpOutstation(silent, { host: '127.0.0.1', port: rig.gateway.dialInPort ?? 0 })
    await vi.waitFor(() => expect(statusOf(rig)?.link).toBe('online'), patience)
    await rig.pass(0.5)
    expect(valuesOf(rig)).toEqual([5])
    await dialer.close()
  })

  test('with the link address of another hub, or of none, are turned away and counted', async () => {
    await using rig = await startRig({ hubs: 0, gateway: ports })
    await assign(rig, dialsIn(1), dialsIn(2, { remoteAddress: 21 }))
    const dialer = connectTcpOutstation(monitor(99, 1), { host: '127.0.0.1', port: rig.gateway.dialInPort ?? 0 })
    await vi.waitFor(() => expect(rig.gateway.counters().turnedAway).toBeGreaterThan(0), patience)
    await dialer.close()
    const own = connectTcpOutstation(monitor(21, 7), { host: '127.0.0.1', port: rig.gateway.dialInPort ?? 0 })
    await vi.waitFor(() => expect(statusOf(rig, 1)?.link).toBe('online'), patience)
    await rig.pass(60)
    expect(valuesOf(rig, 1)).toContain(7)
    // Two hubs under one address cannot be told apart: the second is not polled.
    expect(statusOf(rig, 2)).toMatchObject({ link: 'offline', polls: 0 })
    await own.close()
  })

  test('FM27 that send malformed frames are quarantined like others', async () => {
    await using rig = await startRig({ hubs: 0, gateway: ports })
    await assign(rig, dialsIn(1, { host: '127.0.0.1' }))
    const socket = connect({ host: '127.0.0.1', port: rig.gateway.dialInPort ?? 0 })
    socket.on('error', () => undefined)
    const broken = Buffer.from('0564ff4401000a00ffff', 'hex')
    for (let i = 0; i < 20; i++) socket.write(broken)
    await vi.waitFor(async () => {
      await rig.pass(1)
      expect(statusOf(rig)?.quarantinedUntilMs).not.toBeNull()
    }, patience)
    // Nobody is awaited meanwhile.
    const dialer = connectTcpOutstation(monitor(21, 1), { host: '127.0.0.1', port: rig.gateway.dialInPort ?? 0 })
    const { turnedAway } = rig.gateway.counters()
    await vi.waitFor(() => expect(rig.gateway.counters().turnedAway).toBeGreaterThan(turnedAway), patience)
    expect(rig.gateway.counters().hubsOnline).toBe(0)
    await dialer.close()
    socket.destroy()
  })

  test('are called instead when their assignment changes, and the other way round', async () => {
    await using rig = await startRig({ gateway: ports })
    const [called] = rig.dno.hubs as [HubAssignment]
    await rig.pass(60)
    expect(statusOf(rig)?.link).toBe('online')
    await assign(rig, { ...called, ...dialsIn(1, { remoteAddress: 10 }), pointMap: called.pointMap })
    await rig.pass(60)
    expect(statusOf(rig)?.link).toBe('offline')
    await assign(rig, called)
    await rig.pass(60)
    expect(statusOf(rig)?.link).toBe('online')
  })

  test('are not polled by a gateway that has no port for them, and it says so once', async () => {
    await using rig = await startRig({ hubs: 0 })
    await assign(rig, dialsIn(1))
    await rig.pass(120)
    expect(rig.dno.report(hubIdOf(1))).toMatchObject({ link: 'offline', polls: 0 })
    expect(rig.gateway.dialInPort).toBeNull()
  })

  test('need a port that is free and, for TLS, a certificate: one clear sentence each', async () => {
    await using rig = await startRig({ hubs: 0, gateway: ports })
    const { clock, dno, folder } = rig
    const options = {
      gatewayId: 'g',
      serverUrl: dno.url,
      clientId: 'g',
      clientSecret: 's',
      clock,
      spoolFolder: join(folder, 'other'),
      log: createLog('test', 'silent'),
    }
    const busy = { host: '127.0.0.1', port: rig.gateway.dialInPort ?? 0 }
    await expect(startGateway({ ...options, dialIn: busy })).rejects.toThrow(/^Hubs cannot call in on port \d+ /)
    await expect(startGateway({ ...options, dialIn: { tlsPort: 0 } })).rejects.toThrow(/no certificate/)
  })
})

describe('SEC15 the plain port', () => {
  const otherAddress = Object.values(networkInterfaces())
    .flat()
    .find((one) => one && !one.internal && one.family === 'IPv4')?.address

  test('is open on this machine only, unless the switch says otherwise', async () => {
    await using rig = await startRig({ hubs: 0, gateway: { dialIn: { port: 0 } } })
    const port = rig.gateway.dialInPort ?? 0
    expect(await reaches('127.0.0.1', port)).toBe(true)
    if (otherAddress) expect(await reaches(otherAddress, port)).toBe(false)
    await rig.restartGateway({ dialIn: { port: 0, isPlainAllowed: true } })
    if (otherAddress) expect(await reaches(otherAddress, rig.gateway.dialInPort ?? 0)).toBe(true)
  })

  test.each(['0.0.0.0', '::', '192.168.1.7'])('is not opened on %s without the switch', async (host) => {
    const starting = startRig({ hubs: 0, gateway: { dialIn: { host, port: 0 } } })
    await expect(starting).rejects.toThrow(/could pass for a hub .*--dial-in-tls-port.*--allow-plain-dial-in/)
  })

  test('does not let a caller with the link address of a hub take its place', async () => {
    await using rig = await startRig({ hubs: 0, gateway: ports })
    await assign(rig, dialsIn(1))
    const target = { host: '127.0.0.1', port: rig.gateway.dialInPort ?? 0 }
    const genuine = connectTcpOutstation(monitor(21, 7), target)
    await vi.waitFor(() => expect(statusOf(rig)?.link).toBe('online'), patience)
    const impostor = connectTcpOutstation(monitor(21, 666), { ...target, reconnectMinMs: 60_000 })
    await vi.waitFor(() => expect(rig.gateway.counters().turnedAway).toBeGreaterThan(0), patience)
    await rig.pass(120)
    expect([genuine.isUp, new Set(valuesOf(rig))]).toEqual([true, new Set([7])])
    await genuine.close()
    await impostor.close()
  })
})

function reaches(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

describe('hubs that call by TLS', () => {
  async function certificates() {
    const folder = await mkdtemp(join(tmpdir(), 'ringmain-dial-in-'))
    const authority = await newAuthority('Ringmain test authority')
    const material = await authority.issue('gateway-1')
    for (const name of ['ca', 'cert', 'key'] as const) await writeFile(join(folder, `${name}.pem`), material[name])
    const tlsFiles = {
      caFile: join(folder, 'ca.pem'),
      certFile: join(folder, 'cert.pem'),
      keyFile: join(folder, 'key.pem'),
    }
    const identityOf = async (name: string) => new TlsIdentity(await authority.issue(name))
    return { tlsFiles, identityOf, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
  }

  test('are identified by their certificate, and none can pass for another by its link address', async () => {
    await using given = await certificates()
    const { tlsFiles, identityOf } = given
    const dialIn = { host: '127.0.0.1', port: 0, tlsPort: 0 }
    await using rig = await startRig({ hubs: 0, gateway: { tlsFiles, dialIn } })
    await assign(rig, dialsIn(1, { tlsName: 'hub-1' }), dialsIn(2, { tlsName: 'hub-2' }))
    const target = { host: '127.0.0.1', port: rig.gateway.dialInTlsPort ?? 0 }
    const first = connectTcpOutstation(monitor(21, 210), { ...target, tls: { identity: await identityOf('hub-1') } })
    await vi.waitFor(() => expect(statusOf(rig, 1)?.link).toBe('online'), patience)
    await rig.pass(0.5)
    expect(valuesOf(rig, 1)).toEqual([210])

    // A certificate of the same authority that no hub has; then that of hub 1 under the link address of hub 2; then none at all.
    const stranger = connectTcpOutstation(monitor(22, 1), { ...target, tls: { identity: await identityOf('hub-9') } })
    await vi.waitFor(() => expect(rig.gateway.counters().turnedAway).toBeGreaterThan(0), patience)
    await stranger.close()
    await first.close()
    const disguised = connectTcpOutstation(monitor(22, 2), { ...target, tls: { identity: await identityOf('hub-1') } })
    const plain = connectTcpOutstation(monitor(22, 3), { host: '127.0.0.1', port: rig.gateway.dialInPort ?? 0 })
    const { turnedAway } = rig.gateway.counters()
    await vi.waitFor(() => expect(rig.gateway.counters().turnedAway).toBeGreaterThan(turnedAway), patience)
    await rig.pass(120)
    expect(valuesOf(rig, 2)).toEqual([])
    expect(statusOf(rig, 2)).toMatchObject({ link: 'offline', polls: 0 })
    await disguised.close()
    await plain.close()

    const second = connectTcpOutstation(monitor(22, 220), { ...target, tls: { identity: await identityOf('hub-2') } })
    await vi.waitFor(() => expect(statusOf(rig, 2)?.link).toBe('online'), patience)
    await rig.pass(0.5)
    expect(valuesOf(rig, 2)).toEqual([220])
    await second.close()
  })
})
