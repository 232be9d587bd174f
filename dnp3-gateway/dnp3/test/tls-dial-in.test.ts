/** Mutual TLS when the outstation calls: the master's port shows a certificate and identifies callers by theirs. */
import { describe, expect, test } from 'vitest'
import {
  type Caller,
  connectTcpMaster,
  connectTcpOutstation,
  createOutstation,
  listenTcpMaster,
  listenTcpOutstation,
  type MasterListenerOptions,
  TlsIdentity,
  type TlsOptions,
} from '../index.ts'
import { newAuthority } from './support/certificates.ts'
import { expectValue, recorder } from './support/rig.ts'

const authority = await newAuthority('Ringmain test authority')
const stranger = await newAuthority('Someone else')
const control = new TlsIdentity(await authority.issue('control-room'))

/** A master's port that expects outstation 20, and records who came and who was refused. */
async function openPort(tls: TlsOptions, options: Partial<MasterListenerOptions> = {}) {
  const callers: Caller[] = []
  const refused: string[] = []
  const listener = await listenTcpMaster({
    port: 0,
    tls,
    tap: () => recorder.tap(true),
    onRefused: (error) => refused.push(error.message),
    identify: (caller) => {
      callers.push(caller)
      return 20
    },
    ...options,
  })
  const association = listener.associate({ remoteAddress: 20, responseTimeoutMs: 5_000, onMeasurements: () => {} })
  return { listener, association, callers, refused, close: () => listener.close() }
}

function call(port: number, tls: TlsOptions) {
  const outstation = createOutstation({ address: 20, points: [{ type: 'analog', index: 0, value: 5, flags: 1 }] })
  return connectTcpOutstation(outstation, { host: '127.0.0.1', port, tls, reconnectMinMs: 10, reconnectMaxMs: 20 })
}

describe('mutual TLS on a master’s port', () => {
  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'carries the protocol over %s and identifies callers by name',
    async (version) => {
      const versions = { minVersion: version, maxVersion: version }
      const desk = await openPort({ identity: control, ...versions })
      const dialer = call(desk.listener.port, {
        identity: new TlsIdentity(await authority.issue('hub-20')),
        ...versions,
      })
      expectValue(await desk.association.ready())
      expect(expectValue(await desk.association.integrityPoll()).points).toBe(1)
      expect(desk.callers[0]?.certificateNames).toEqual(['hub-20', 'hub-20.example'])
      await dialer.close()
      await desk.close()
    },
  )

  test('turns away a caller with a certificate from another authority or for another name', async () => {
    const desk = await openPort({ identity: control, peerNames: ['hub-20'] })
    const foreign = new TlsIdentity({ ...(await stranger.issue('hub-20')), ca: authority.pem })
    const stranded = call(desk.listener.port, { identity: foreign })
    await expect.poll(() => desk.refused.length).toBeGreaterThan(0)
    await stranded.close()
    const misnamed = call(desk.listener.port, { identity: new TlsIdentity(await authority.issue('hub-21')) })
    await expect.poll(() => desk.refused.at(-1)).toContain('hub-21')
    await misnamed.close()
    expect(desk.callers).toEqual([])
    expect(desk.association.isReady).toBe(false)
    await desk.close()
  })

  test('lets a caller refuse the port', async () => {
    const desk = await openPort({ identity: new TlsIdentity(await stranger.issue('control-room')) })
    const dialer = call(desk.listener.port, { identity: new TlsIdentity(await authority.issue('hub-20')) })
    await expect.poll(() => desk.refused.length).toBeGreaterThan(0)
    expect(dialer.isUp).toBe(false)
    await dialer.close()
    await desk.close()
  })
})

describe('FM31 a certificate renewed when the outstation calls', () => {
  test('is shown to the next caller while the present connection continues', async () => {
    const own = new TlsIdentity(await authority.issue('control-old'))
    const desk = await openPort({ identity: own })
    const hub = new TlsIdentity(await authority.issue('hub-20'))
    const present = call(desk.listener.port, { identity: hub })
    expectValue(await desk.association.ready())
    own.reload(await authority.issue('control-new'))
    expectValue(await desk.association.integrityPoll())
    expect(present.isUp).toBe(true)
    await present.close()
    await expect.poll(() => desk.association.isReady).toBe(false)
    // The next caller accepts the new name only.
    const next = call(desk.listener.port, { identity: hub, peerNames: ['control-new'] })
    expectValue(await desk.association.ready())
    await next.close()
    await desk.close()
  })

  test('is shown by the caller when it calls again', async () => {
    const desk = await openPort({ identity: control })
    const hub = new TlsIdentity(await authority.issue('hub-old'))
    const dialer = call(desk.listener.port, { identity: hub })
    expectValue(await desk.association.ready())
    hub.reload(await authority.issue('hub-new'))
    expectValue(await desk.association.integrityPoll())
    expect(desk.callers.map(({ certificateNames }) => certificateNames[0])).toEqual(['hub-old'])
    await dialer.close()
    const again = call(desk.listener.port, { identity: hub })
    await expect.poll(() => desk.callers.at(-1)?.certificateNames[0]).toBe('hub-new')
    await again.close()
    await desk.close()
  })
})

describe('FM31 a certificate renewed by a calling master', () => {
  test('is shown at its next call: an outstation that accepts only the new name lets it in without a restart', async () => {
    const own = new TlsIdentity(await authority.issue('control-old'))
    const refused: string[] = []
    const outstation = createOutstation({ address: 10, points: [{ type: 'analog', index: 0, flags: 1 }] })
    const listener = await listenTcpOutstation(outstation, {
      port: 0,
      tls: { identity: new TlsIdentity(await authority.issue('hub-10')), peerNames: ['control-new'] },
      tap: recorder.tap(false),
      onRefused: (error) => refused.push(error.message),
    })
    const channel = connectTcpMaster({
      host: listener.host,
      port: listener.port,
      tls: { identity: own },
      reconnectMinMs: 10,
      reconnectMaxMs: 20,
    })
    const association = channel.associate({ remoteAddress: 10, onMeasurements: () => {} })
    await expect.poll(() => refused.at(-1)).toContain('control-old')
    own.reload(await authority.issue('control-new'))
    await expect.poll(() => association.isReady).toBe(true)
    await channel.close()
    await listener.close()
  })
})
