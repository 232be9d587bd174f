import { request } from 'node:http'
import { expect, test } from 'vitest'
import { registerReading, securityEvent } from '../chargepoints/tables.ts'
import { type Rig, startRig } from './support/rig.ts'

const readings = (rig: Rig) => rig.db.select().from(registerReading)

/** Asks for the upgrade with a request as it is written, and returns the status. */
function upgrade(rig: Rig, path: string, headers: Record<string, string> = {}): Promise<number | undefined> {
  const { hostname, port } = new URL(rig.fsp.ocppUrl)
  return new Promise((resolve, reject) => {
    const call = request({
      hostname,
      port,
      path,
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
        'sec-websocket-protocol': 'ocpp1.6',
        ...headers,
      },
    })
    call.on('response', (answer) => resolve(answer.resume().statusCode))
    call.on('upgrade', (answer, socket) => {
      socket.destroy()
      resolve(answer.statusCode)
    })
    call.on('error', reject)
    call.setTimeout(5_000, () => call.destroy(new Error('no answer')))
    call.end()
  })
}

test('SEC07 a client that only names a charge point is not let in, and the genuine one keeps its place', async () => {
  const rig = await startRig()
  const genuine = rig.chargePoint('yard-01')
  await genuine.boot()
  const id = await genuine.plugIn(1, 'yard-001')
  const wrong = [null, Buffer.from('guess'), Buffer.alloc(20, 7), rig.passwordOf('yard-02')]
  for (const password of wrong)
    await expect(rig.chargePoint('yard-01', { password }).boot()).rejects.toMatchObject({ code: 401 })
  await genuine.meter(1, id, 100, 7_000, '2026-01-15T12:01:00Z')
  expect((await readings(rig)).map(({ energyWh }) => energyWh)).toEqual([0, 100])
  expect((await rig.depotState()).sockets[0]).toMatchObject({ connected: true, powerW: 7_000 })
})

test('SEC07 an unknown identity and a wrong password get the same answer', async () => {
  const rig = await startRig()
  const password = Buffer.alloc(20, 7)
  for (const identity of ['yard-01', 'yard-99', 'Yard-01', 'x'.repeat(49), 'a:b', 'yard-01 '])
    await expect(rig.chargePoint(identity, { password }).boot()).rejects.toMatchObject({ code: 401 })
})

test('SEC07 a path that cannot be decoded is refused and ends nothing', async () => {
  const rig = await startRig()
  const paths = [
    '/ocpp/%',
    '/ocpp/%ff',
    '/ocpp/yard-01/',
    '/ocpp/%2e%2e',
    '/ocpp/a%00b',
    '/ocpp/yard-01%252f',
    '//',
    '/',
  ]
  for (const path of paths)
    expect([path, await upgrade(rig, path)]).toEqual([path, expect.toSatisfy((s) => s === 401 || s === 404)])
  await rig.chargePoint('yard-01').boot()
})

test('SEC07 a message is checked against the OCPP schema whatever subprotocol the client offers', async () => {
  const rig = await startRig()
  const basic = Buffer.concat([Buffer.from('yard-01:'), rig.passwordOf('yard-01')]).toString('base64')
  const authorization = `Basic ${basic}`
  expect(await upgrade(rig, '/ocpp/yard-01', { authorization })).toBe(101)
  expect(await upgrade(rig, '/ocpp/yard-01', { authorization, 'sec-websocket-protocol': 'ocpp9' })).toBe(400)
})

test('SEC07 a page in a browser gets no connection, even with the password of a charge point', async () => {
  const rig = await startRig()
  const basic = Buffer.concat([Buffer.from('yard-01:'), rig.passwordOf('yard-01')]).toString('base64')
  const headers = { authorization: `Basic ${basic}`, origin: 'https://page.example' }
  expect(await upgrade(rig, '/ocpp/yard-01', headers)).toBe(403)
})

test('SEC07 a charge point that proves itself again replaces its lost connection', async () => {
  const rig = await startRig()
  const before = rig.chargePoint('yard-01')
  await before.boot()
  const after = rig.chargePoint('yard-01')
  await after.boot()
  await expect(before.status(1, 'Available')).rejects.toThrow()
  await after.status(1, 'Available')
})

test('SEC07 a message of more than 64 kB, and messages without waiting for answers, end the connection', async () => {
  const rig = await startRig()
  const large = rig.chargePoint('yard-01')
  await large.boot()
  large.sendRaw(`[2,"1","Heartbeat",{"x":"${'x'.repeat(70_000)}"}]`)
  await expect.poll(async () => (await rig.depotState()).sockets[0]?.connected).toBe(false)
  const hasty = rig.chargePoint('yard-02')
  await hasty.boot()
  for (let i = 0; i < 40; i++) hasty.sendRaw(`[2,"h${i}","Authorize",{"idTag":"yard-001"}]`)
  await expect.poll(async () => (await rig.depotState()).sockets[1]?.connected).toBe(false)
})

test('SEC07 a row that the database cannot store fails the charge point that sent it, and no other', async () => {
  const rig = await startRig()
  const [good, bad] = [rig.chargePoint('yard-01'), rig.chargePoint('yard-02')]
  await good.boot()
  await bad.boot()
  const shown = [bad.call('Authorize', { idTag: 'nul\0' }), good.call('Authorize', { idTag: 'yard-001' })]
  const [refused, taken] = await Promise.allSettled(shown)
  expect([refused?.status, taken?.status]).toEqual(['rejected', 'fulfilled'])
})

test('SEC07 failures are recorded up to a bound, by address, and never stop the charge point itself', async () => {
  const rig = await startRig()
  const wrong = { password: Buffer.alloc(20, 7) }
  const codes: number[] = []
  for (let i = 0; i < 23; i++)
    await rig
      .chargePoint('yard-01', wrong)
      .boot()
      .catch(({ code }) => codes.push(code))
  expect(codes).toEqual([...Array(20).fill(401), 429, 429, 429])
  const events = await rig.db.select().from(securityEvent)
  expect(events).toHaveLength(20)
  expect(events[0]).toMatchObject({
    event: 'FailedToAuthenticateAtCentralSystem',
    source: 'central-system',
    identity: 'yard-01',
    address: '127.0.0.1',
  })
  await rig.chargePoint('yard-01').boot()
  await rig.pass(6)
  await expect(rig.chargePoint('yard-01', wrong).boot()).rejects.toMatchObject({ code: 401 })
})

test('SEC07 the digits of a password are taken for its octets, as many charge points send them', async () => {
  const rig = await startRig()
  await rig.chargePoint('yard-01', { password: Buffer.from(rig.passwordOf('yard-01').toString('hex')) }).boot()
})

test('SEC07 what a charge point reports about its security is kept', async () => {
  const rig = await startRig()
  const unit = rig.chargePoint('yard-01')
  await unit.boot()
  const timestamp = '2026-01-15T11:59:00Z'
  const report = { type: 'TamperDetectionActivated', timestamp, techInfo: 'door opened' }
  expect(await unit.call('SecurityEventNotification', report)).toEqual({})
  const [kept] = await rig.db.select().from(securityEvent)
  expect(kept).toMatchObject({ source: 'charge-point', identity: 'yard-01', event: report.type, detail: 'door opened' })
  expect(kept?.at.toString()).toBe(timestamp)
})
