import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { describe, expect, test } from 'vitest'
import {
  connectTcpMaster,
  createOutstation,
  listenTcpOutstation,
  TlsIdentity,
  type TlsMaterial,
  type TlsOptions,
} from '../index.ts'
import { newAuthority } from './support/certificates.ts'
import { expectValue, recorder } from './support/rig.ts'

const authority = await newAuthority('Ringmain test authority')
const stranger = await newAuthority('Someone else')
const hub = new TlsIdentity(await authority.issue('hub-10'))
const control = new TlsIdentity(await authority.issue('control-room'))

interface Ends {
  readonly outstation: TlsOptions
  readonly master: TlsOptions
}

/** Lets a master try to reach an outstation; resolves with whether it succeeded, and if not why. */
async function attempt({ outstation, master }: Ends): Promise<{ ok: boolean; errors: string[]; refused: string[] }> {
  const refused: string[] = []
  const errors: string[] = []
  const station = createOutstation({ address: 10, points: [{ type: 'analog', index: 0 }] })
  const listener = await listenTcpOutstation(station, {
    port: 0,
    tls: outstation,
    tap: recorder.tap(false),
    onRefused: (error) => refused.push(error.message),
  })
  const channel = connectTcpMaster({
    host: listener.host,
    port: listener.port,
    tls: master,
    reconnectMinMs: 60_000,
    onState: (_, error) => error && errors.push(error.message),
  })
  const association = channel.associate({ remoteAddress: 10, responseTimeoutMs: 1_000, onMeasurements: () => {} })
  const failed = expect.poll(() => errors.length + refused.length, { timeout: 5_000 }).toBeGreaterThan(0)
  const ready = association.ready()
  await Promise.race([
    ready,
    failed.then(
      () => new Promise((resolve) => setTimeout(resolve, 50)),
      () => {},
    ),
  ])
  const ok = association.isReady
  await channel.close()
  await listener.close()
  failed.catch(() => {})
  return { ok, errors, refused }
}

describe('mutual TLS', () => {
  test.each(['TLSv1.2', 'TLSv1.3'] as const)('carries the protocol over %s', async (version) => {
    const versions = { minVersion: version, maxVersion: version }
    const ends = { outstation: { identity: hub, ...versions }, master: { identity: control, ...versions } }
    expect(await attempt(ends)).toMatchObject({ ok: true, errors: [], refused: [] })
  })

  test('refuses a master with a certificate from another authority', async () => {
    const foreign = await stranger.issue('control-room')
    const master = { identity: new TlsIdentity({ ...foreign, ca: authority.pem }) }
    const outcome = await attempt({ outstation: { identity: hub }, master })
    expect(outcome.ok).toBe(false)
    expect(outcome.refused).toHaveLength(1)
  })

  test('refuses an outstation with a certificate from another authority', async () => {
    const foreign = new TlsIdentity(await stranger.issue('hub-10'))
    expect(await attempt({ outstation: { identity: foreign }, master: { identity: control } })).toMatchObject({
      ok: false,
    })
  })

  test('refuses a certificate that has expired', async () => {
    const expired = new TlsIdentity(await authority.issue('control-room', -1))
    expect(expired.expiresMs).toBeLessThan(Date.now())
    const outcome = await attempt({ outstation: { identity: hub }, master: { identity: expired } })
    expect(outcome.ok).toBe(false)
    expect(outcome.refused).toHaveLength(1)
  })

  test('refuses unexpected names at either end', async () => {
    const wrong = ['control-room-2']
    expect(
      await attempt({ outstation: { identity: hub, peerNames: wrong }, master: { identity: control } }),
    ).toMatchObject({
      ok: false,
      refused: [expect.stringContaining('control-room')],
    })
    const named = { identity: control, peerNames: ['hub-11'] }
    expect(await attempt({ outstation: { identity: hub }, master: named })).toMatchObject({ ok: false })
    const right = { identity: control, peerNames: ['hub-10.example'] }
    expect(await attempt({ outstation: { identity: hub }, master: right })).toMatchObject({ ok: true })
  })

  test('refuses a TLS version that is too old', async () => {
    const old = { identity: control, maxVersion: 'TLSv1.2' as const }
    expect(await attempt({ outstation: { identity: hub, minVersion: 'TLSv1.3' }, master: old })).toMatchObject({
      ok: false,
    })
  })
})

describe('FM31 a renewed certificate', () => {
  test('is shown to the next connection while the present one continues', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dnp3-tls-'))
    const files = { caFile: join(folder, 'ca'), certFile: join(folder, 'cert'), keyFile: join(folder, 'key') }
    const write = async ({ ca, cert, key }: TlsMaterial) => {
      await writeFile(files.caFile, ca)
      await writeFile(files.certFile, cert)
      await writeFile(files.keyFile, key)
    }
    await write(await authority.issue('hub-old'))
    const identity = TlsIdentity.fromFiles(files)
    const station = createOutstation({ address: 10, points: [{ type: 'analog', index: 0 }] })
    const listener = await listenTcpOutstation(station, { port: 0, tls: { identity } })
    const channel = connectTcpMaster({ host: listener.host, port: listener.port, tls: { identity: control } })
    const association = channel.associate({ remoteAddress: 10, onMeasurements: () => {} })
    expectValue(await association.ready())
    await writeFile(files.keyFile, 'not a key')
    expect(() => identity.reload()).toThrow()
    expect(await nameShown(listener.port)).toBe('hub-old')
    await write(await authority.issue('hub-new'))
    identity.reload()
    expectValue(await association.integrityPoll())
    expect(await nameShown(listener.port)).toBe('hub-new')
    await channel.close()
    await listener.close()
    await rm(folder, { recursive: true })
  })
})

/** The common name in the certificate that a port shows. */
function nameShown(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const { ca, cert, key } = control.current
    const socket = connectTls({ host: '127.0.0.1', port, ca, cert, key, checkServerIdentity: () => undefined }, () => {
      resolve(String(socket.getPeerCertificate().subject.CN))
      socket.destroy()
    })
    socket.once('error', reject)
  })
}
