import { rename, rm, symlink } from 'node:fs/promises'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { Instant } from '@js-joda/core'
import { afterAll, describe, expect, test } from 'vitest'
import { SimulatedClock } from '../../platform/clock/index.ts'
import { operations } from '../../schemas/operations.ts'
import { saveTestNetwork } from '../../server/grid/test/support/site.ts'
import { atEnd } from '../support/cleanup.ts'
import { createTestDatabase } from '../support/database.ts'
import { startTestServer } from '../support/server.ts'

const { db, url } = await createTestDatabase('server')
await saveTestNetwork(db)

/** The file of a table that nobody has opened yet. */
async function fileOf(table: string): Promise<string> {
  const [row] = await db.$client`
    select current_setting('data_directory') as folder, pg_relation_filepath(${table}) as path`
  return join(row?.['folder'], row?.['path'])
}

/** Every write to it fails for want of room, as the kernel says it of a full disk; what is read is empty, as the table is. */
const fullDevice = '/dev/full'

const form = {
  name: 'Islington',
  customer: 'Royal Mail',
  address: 'Almeida Street',
  licenceArea: 'LPN',
  nodeId: 'sec',
  ascKva: 240,
  powerFactor: 0.95,
  mpans: ['1200000000013'],
}

describe('FM34 the disk of the database is full', async () => {
  const file = await fileOf('connection')
  await rename(file, `${file}.aside`)
  await symlink(fullDevice, file)
  const makeRoom = async () => {
    await rm(file)
    await rename(`${file}.aside`, file)
  }
  let isFull = true
  afterAll(() => (isFull ? makeRoom() : undefined))
  const server = await startTestServer(url, new SimulatedClock(Instant.parse('2026-01-15T12:00:00Z')))
  const planner = await server.person('priya', 'planner')
  const register = () => planner.ask(operations.registerConnection, { body: form }, { 'idempotency-key': 'the-first' })

  test('a write is refused with 503, says that nothing was stored and when to try again, and leaves nothing', async () => {
    const refused = await register()
    expect(refused).toMatchObject({
      status: 503,
      body: {
        type: 'urn:ringmain:problem:unavailable',
        detail: expect.stringContaining('no room left: nothing was stored'),
      },
    })
    expect(refused.headers.get('retry-after')).toBe('10')
    expect(JSON.stringify(refused.body)).not.toMatch(/extend file|connection_id|dev/)
    const [left] = await db.$client`select count(*)::int as n from connection_mpan`
    expect(left?.['n']).toBe(0)
  })

  test('reading goes on', async () => {
    expect(await planner.ask(operations.listConnections, {})).toMatchObject({ status: 200, body: { items: [] } })
    expect((await planner.ask(operations.listNodes, { query: {} })).body.items.length).toBeGreaterThan(0)
  })

  test('with room again the same request, sent again, is done once', async () => {
    await makeRoom()
    isFull = false
    // What PostgreSQL has of the file is let go of, as by a session that begins.
    await db.$client`alter table connection set (fillfactor = 100)`
    const made = await register()
    expect(made).toMatchObject({ status: 200, body: { name: 'Islington' } })
    expect((await register()).body).toEqual(made.body)
    expect((await planner.ask(operations.listConnections, {})).body.items).toHaveLength(1)
    await db.$client`select count(*) from connection`
  })
})

test('a database that is gone is a 503 that warns of a change which may have been made; once it is back, so is the server', async () => {
  const { url: ownUrl } = await createTestDatabase('server')
  const line = await cuttableLine(ownUrl)
  const server = await startTestServer(line.url, new SimulatedClock(Instant.parse('2026-01-15T12:00:00Z')))
  await saveTestNetwork(server.context.db)
  const planner = await server.person('priya', 'planner')
  line.cut()
  const refused = await planner.ask(operations.registerConnection, { body: form })
  expect(refused).toMatchObject({
    status: 503,
    body: { detail: expect.stringMatching(/does not answer.*Idempotency-Key/) },
  })
  await line.mend()
  await expect
    .poll(async () => (await planner.ask(operations.registerConnection, { body: form })).status, { timeout: 30_000 })
    .toBeOneOf([200, 409])
})

/** A line to a database that can be cut. */
async function cuttableLine(target: string) {
  const { hostname, port } = new URL(target)
  const held = new Set<Socket>()
  const open = (listenPort: number) =>
    new Promise<Server>((resolve) => {
      const listener = createServer((near) => {
        const far = connect({ host: hostname, port: Number(port) })
        for (const socket of [near, far]) {
          held.add(socket)
          socket.on('error', () => undefined).on('close', () => held.delete(socket))
        }
        near.pipe(far).pipe(near)
      })
      listener.listen(listenPort, '127.0.0.1', () => resolve(listener))
    })
  let listener = await open(0)
  const { port: own } = listener.address() as AddressInfo
  const cut = () => {
    listener.close()
    for (const socket of held) socket.destroy()
  }
  atEnd(cut)
  const through = new URL(target)
  through.port = String(own)
  const mend = async () => {
    listener = await open(own)
  }
  return { url: through.toString(), cut, mend }
}
