import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type TLSSocket } from 'node:tls'
import { Instant } from '@js-joda/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { portalIssuerFrom } from '../../cli/portal-issuer.ts'
import { parseSafeUrl, safeTransport } from '../../cli/transport-flags.ts'
import { newAuthority } from '../../dnp3-gateway/dnp3/test/support/certificates.ts'
import { SimulatedClock } from '../../platform/clock/index.ts'
import { StartupError } from '../../platform/errors/index.ts'
import { transportFault } from '../../platform/http/index.ts'
import { createLog } from '../../platform/log/index.ts'
import { Certificate } from '../../platform/tls/index.ts'
import { operations } from '../../schemas/operations.ts'
import { pathOf } from '../../schemas/vocabulary/client.ts'
import { type RunningServer, startServer } from '../../server/app/index.ts'
import { createTestDatabase } from '../support/database.ts'

const clock = new SimulatedClock(Instant.parse('2026-11-28T08:00:00Z'))
const log = createLog('test', 'silent')
const authority = await newAuthority('An authority that this machine does not know')
let folder = ''
let certificate: Certificate
let server: RunningServer

async function issue(name: string): Promise<void> {
  const { cert, key } = await authority.issue(name)
  await writeFile(join(folder, 'cert.pem'), cert)
  await writeFile(join(folder, 'key.pem'), key)
}

const files = () => ({ certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') })

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ringmain-tls-'))
  await issue('ringmain.example')
  certificate = Certificate.open(files(), 'the server', clock, log)
  server = await startServer({
    databaseUrl: (await createTestDatabase('server')).url,
    host: '127.0.0.1',
    port: 0,
    publicUrl: 'https://ringmain.example',
    secretKeyFile: join(folder, 'server.key'),
    role: 'api',
    environment: 'live',
    certificate,
    clock,
    log,
  })
})
afterAll(async () => {
  await server.close()
  certificate.close()
  await rm(folder, { recursive: true })
})

const port = () => Number(new URL(server.url).port)

/** A connection with the server's name, whose certificate is checked. */
function open(options: object = {}): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const given = { host: '127.0.0.1', port: port(), servername: 'ringmain.example', ca: authority.pem, ...options }
    const socket = connect({ ...given, checkServerIdentity: () => undefined }, () => resolve(socket))
    socket.once('error', reject)
  })
}

const nameOf = (socket: TLSSocket) => socket.getPeerCertificate().subject.CN

function get(path: string, headers: Record<string, string> = {}): Promise<{ status: number; location: string }> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: port(), path, headers, ca: authority.pem }
    request({ ...options, checkServerIdentity: () => undefined }, (response) => {
      response.resume()
      resolve({ status: response.statusCode ?? 0, location: response.headers.location ?? '' })
    })
      .on('error', reject)
      .end()
  })
}

describe('the server over TLS', () => {
  test('speaks TLS 1.2 or newer, and no plain HTTP', async () => {
    const socket = await open()
    expect([socket.getProtocol(), nameOf(socket)]).toEqual(['TLSv1.3', 'ringmain.example'])
    socket.destroy()
    await expect(open({ maxVersion: 'TLSv1.1', minVersion: 'TLSv1' })).rejects.toThrow()
    await expect(fetch(`http://127.0.0.1:${port()}/healthz`)).rejects.toThrow()
  })

  test('finds its own issuer at its own port, though neither name nor authority are known to this machine', async () => {
    const begun = await get(`/api${pathOf(operations.beginLogIn, {})}`)
    expect(begun.status).toBe(302)
    expect(begun.location).toMatch(/^https:\/\/ringmain\.example\/oidc\/auth\?/)
    // A token is checked by the keys that it publishes: 401 for this one, not a failure to fetch them.
    expect(
      (await get(`/api${pathOf(operations.listConnections, {})}`, { authorization: 'Bearer nonsense' })).status,
    ).toBe(401)
  })

  test('shows a renewed certificate to new connections, while those in use go on', async () => {
    const present = await open()
    await issue('renewed.example')
    await clock.advanceTo(clock.now().plusSeconds(60))
    const next = await open()
    expect(nameOf(next)).toBe('renewed.example')
    present.write('GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')
    const answer = await new Promise<string>((resolve) => present.once('data', (data) => resolve(String(data))))
    expect(answer).toMatch(/^HTTP\/1\.1 200 /)
    next.destroy()
    present.destroy()
  })

  test('keeps its certificate while the files do not belong together', async () => {
    const { cert } = await authority.issue('half.example')
    await writeFile(join(folder, 'cert.pem'), cert)
    await clock.advanceTo(clock.now().plusSeconds(60))
    const socket = await open()
    expect(nameOf(socket)).not.toBe('half.example')
    socket.destroy()
    expect(() => Certificate.open(files(), 'the server', clock, log)).toThrow(StartupError)
  })
})

describe('no secret passes in the clear beyond this machine', () => {
  const exposure = { what: 'The server', host: '127.0.0.1', hasTls: false, hasProxy: false }

  test.each([
    ['on loopback', {}],
    ['on loopback behind a proxy on this machine', { publicUrl: 'https://ringmain.example' }],
    ['with a certificate', { host: '10.0.0.5', hasTls: true }],
    ['on every address with a certificate', { host: '0.0.0.0', hasTls: true, publicUrl: 'https://ringmain.example' }],
    ['behind a stated proxy', { host: '10.0.0.5', hasProxy: true, publicUrl: 'https://ringmain.example' }],
  ])('a server %s starts', (_, more) => expect(transportFault({ ...exposure, ...more })).toBeNull())

  test.each([
    ['without TLS', { host: '10.0.0.5' }, /listen on 10\.0\.0\.5 without TLS.*--tls-cert.*--trusted-proxy/],
    ['on every address without TLS', { host: '0.0.0.0' }, /without TLS/],
    ['whose public address is http', { publicUrl: 'http://ringmain.example' }, /in the clear.*--public-url/],
    ['with a certificate and an http address', { hasTls: true, publicUrl: 'http://10.0.0.5' }, /in the clear/],
    ['that cannot tell its address', { host: '0.0.0.0', hasTls: true }, /--public-url/],
  ])('a server %s does not', (_, more, sentence) => expect(transportFault({ ...exposure, ...more })).toMatch(sentence))

  test('programs send theirs by https, or within this machine', () => {
    for (const url of ['https://ringmain.example', 'http://127.0.0.1:7800', 'http://localhost:7800', 'http://[::1]:1'])
      expect(parseSafeUrl(url)).toBe(url)
    for (const url of ['http://ringmain.example', 'http://10.0.0.5:7800', 'http://127.0.0.1.example'])
      expect(() => parseSafeUrl(url), url).toThrow('https')
    const issuer = { RINGMAIN_OIDC_ISSUER: 'http://login.example', RINGMAIN_OIDC_CLIENT_ID: 'portal' }
    expect(() => portalIssuerFrom(issuer)).toThrow('must begin with https')
  })

  test('the flags come in pairs, and lead to a certificate', () => {
    const around = { clock, log, hasProxy: false }
    expect(() => safeTransport({ host: '127.0.0.1', tlsCert: 'x' }, 'the server', around)).toThrow('--tls-key')
    expect(() => safeTransport({ host: '0.0.0.0' }, 'the server', around)).toThrow(/^The server would listen/)
    expect(safeTransport({ host: '127.0.0.1' }, 'the server', around)).toBeNull()
    const missing = { host: '127.0.0.1', tlsCert: '/nowhere/c.pem', tlsKey: '/nowhere/k.pem' }
    expect(() => safeTransport(missing, 'the server', around)).toThrow('The certificate of the server cannot be used')
  })
})
