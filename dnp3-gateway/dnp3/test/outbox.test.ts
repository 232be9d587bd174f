/** What wires write to real sockets. */
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { outgoingOctets } from '../io/outbox.ts'
import { SocketWire } from '../io/socket-wire.ts'

const open: { server: Server; sockets: Socket[] }[] = []

afterEach(async () => {
  for (const { server, sockets } of open.splice(0)) {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  }
})

/** A wire to a local socket. */
async function wireTo(): Promise<{ wire: SocketWire; far: Socket }> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const near = connect(typeof address === 'object' && address !== null ? address.port : 0, '127.0.0.1')
  const [far] = (await once(server, 'connection')) as [Socket]
  open.push({ server, sockets: [near, far] })
  const handlers = { opened: () => {}, received: () => {}, closed: () => {} }
  return { wire: new SocketWire(near, handlers), far }
}

/** Octets of one value, framed as a station frames them: in memory that is valid for one turn. */
function message(value: number, octets: number): Uint8Array {
  return outgoingOctets(octets).fill(value)
}

describe('a wire', () => {
  test('sends the fragments of one turn in one write, in order', async () => {
    const { wire, far } = await wireTo()
    const chunks: Buffer[] = []
    far.on('data', (chunk) => chunks.push(chunk))
    wire.send(message(1, 15))
    await Promise.resolve()
    wire.send(message(2, 27))
    wire.send(Uint8Array.of(3, 3))
    await expect.poll(() => chunks.length).toBeGreaterThan(0)
    expect(chunks).toEqual([Buffer.concat([Buffer.alloc(15, 1), Buffer.alloc(27, 2), Buffer.from([3, 3])])])
  })

  test('keeps the octets of many wires in one turn apart', async () => {
    // More than may wait for the end of the turn.
    const ends = await Promise.all(Array.from({ length: 50 }, wireTo))
    const received = ends.map(() => [] as number[])
    for (const [i, { far }] of ends.entries()) far.on('data', (chunk) => received[i]?.push(...chunk))
    for (let turn = 0; turn < 20; turn++) {
      for (const value of [1, 2]) for (const [i, { wire }] of ends.entries()) wire.send(message(4 * i + value, 9))
      await new Promise(setImmediate)
    }
    const expected = ends.map((_, i) =>
      Array.from({ length: 20 }, () => [...new Array(9).fill(4 * i + 1), ...new Array(9).fill(4 * i + 2)]).flat(),
    )
    await expect.poll(() => received).toEqual(expected)
  })

  test('never overwrites what a slow peer has not taken', async () => {
    const slow = await wireTo()
    const quick = await wireTo()
    slow.far.pause()
    quick.far.resume()
    const octets = 40_000
    const turns = 250
    for (let turn = 0; turn < turns; turn++) {
      slow.wire.send(message(turn, octets))
      quick.wire.send(message(0xee, 500))
      await new Promise(setImmediate)
    }
    let place = 0
    let wrong = 0
    slow.far.on('data', (chunk) => {
      for (const octet of chunk) if (octet !== (Math.floor(place++ / octets) & 0xff)) wrong++
    })
    slow.far.resume()
    await expect.poll(() => place, { timeout: 10_000 }).toBe(octets * turns)
    expect(wrong).toBe(0)
  })
})
