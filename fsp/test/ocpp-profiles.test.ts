import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type Authority, newAuthority } from '../../dnp3-gateway/dnp3/test/support/certificates.ts'
import { securityEvent } from '../chargepoints/tables.ts'
import { startRig } from './support/rig.ts'

const noon = '2026-01-15T12:00:00Z'

/** Files with a certificate for this machine by an authority, as the FSP reads them. */
async function filesBy(authority: Authority, clientsOf?: Authority) {
  const folder = await mkdtemp(join(tmpdir(), 'ringmain-ocpp-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const files = { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') }
  const write = async (from: Authority) => {
    const { cert, key } = await from.issue('localhost')
    await writeFile(files.certFile, cert)
    await writeFile(files.keyFile, key)
  }
  await write(authority)
  const caFile = join(folder, 'ca.pem')
  if (clientsOf) await writeFile(caFile, clientsOf.pem)
  return { write, files: clientsOf ? { ...files, caFile } : files }
}

/** The names in a test's certificates are not those of an address. */
const anyName = { checkServerIdentity: () => undefined }

test('SEC07 profile 2: the password goes over TLS, and a plain connection gets nothing', async () => {
  const authority = await newAuthority('Charge point CA')
  const { files } = await filesBy(authority)
  const rig = await startRig(noon, { ocppTls: files })
  expect(rig.fsp.ocppUrl).toMatch(/^wss:/)
  const tls = { ca: authority.pem, ...anyName }
  const password = rig.passwordOf('yard-01')
  await rig.chargePoint('yard-01', { password, tls }).boot()
  await expect(rig.chargePoint('yard-01', { tls }).boot()).rejects.toMatchObject({ code: 401 })
  await expect(rig.chargePoint('yard-01', { password }).boot()).rejects.toThrow(/certificate/)
  const plain = { ...rig.fsp, ocppUrl: rig.fsp.ocppUrl.replace('wss:', 'ws:') }
  await expect(rig.chargePoint('yard-01', { password }, plain.ocppUrl).boot()).rejects.toThrow()
  expect((await rig.depotState()).sockets[0]?.connected).toBe(true)
})

test('SEC07 profile 3: a certificate of the authority that names the charge point, and no other proof', async () => {
  const [authority, stranger] = [await newAuthority('Charge point CA'), await newAuthority('Another CA')]
  const { files } = await filesBy(authority, authority)
  const rig = await startRig(noon, { ocppTls: files })
  const withCertificate = async (from: Authority, name: string) => {
    const { cert, key } = await from.issue(name)
    return { tls: { ca: authority.pem, cert, key, ...anyName } }
  }
  await rig.chargePoint('yard-01', await withCertificate(authority, 'yard-01')).boot()
  const password = rig.passwordOf('yard-01')
  const refused = [
    await withCertificate(authority, 'yard-02'),
    await withCertificate(stranger, 'yard-01'),
    { password, tls: { ca: authority.pem, ...anyName } },
    { ...(await withCertificate(authority, 'yard-02')), password },
  ]
  for (const proof of refused)
    await expect(rig.chargePoint('yard-01', proof).boot()).rejects.toMatchObject({ code: 401 })
  expect((await rig.depotState()).sockets[0]?.connected).toBe(true)
  expect((await rig.db.select().from(securityEvent)).map(({ event }) => event)).toEqual(
    Array(4).fill('InvalidChargePointCertificate'),
  )
})

test('SEC07 a renewed certificate is used for new connections without a restart', async () => {
  const [before, after] = [await newAuthority('CA of before'), await newAuthority('CA of after')]
  const { files, write } = await filesBy(before)
  const rig = await startRig(noon, { ocppTls: files })
  const password = rig.passwordOf('yard-01')
  await rig.chargePoint('yard-01', { password, tls: { ca: before.pem, ...anyName } }).boot()
  await write(after)
  await rig.pass(1)
  await rig.chargePoint('yard-01', { password, tls: { ca: after.pem, ...anyName } }).boot()
  await expect(rig.chargePoint('yard-01', { password, tls: { ca: before.pem, ...anyName } }).boot()).rejects.toThrow()
})

test('SEC07 passwords do not pass in the clear beyond this machine unless somebody says so', async () => {
  await expect(startRig(noon, { host: '0.0.0.0' })).rejects.toThrow(
    'Charge points would send their passwords in the clear to 0.0.0.0: give --ocpp-tls-cert and --ocpp-tls-key, or',
  )
  await startRig(noon, { host: '0.0.0.0', isPlainOcppAllowed: true })
})
