import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import {
  connectTcpOutstation,
  createOutstation,
  type DecodeEntry,
  decodeTrace,
  formatEntry,
  listenTcpMaster,
  type MasterListenerOptions,
  type TurnedAway,
} from '../index.ts'
import { expectValue, recorder } from './support/rig.ts'

function monitor(address: number, value: number) {
  return createOutstation({
    address,
    masterAddress: 1,
    points: [{ type: 'analog', index: 0, eventClass: 2, value, flags: 1 }],
    unsolicited: {},
  })
}

async function desk(options: Partial<MasterListenerOptions> = {}) {
  const turnedAway: TurnedAway[] = []
  const listener = await listenTcpMaster({
    port: 0,
    tap: () => recorder.tap(true),
    onTurnedAway: (_, reason) => turnedAway.push(reason),
    ...options,
  })
  const values = new Map<number, number[]>()
  const associate = (remoteAddress: number) => {
    values.set(remoteAddress, [])
    return listener.associate({
      remoteAddress,
      startUp: { enableUnsolicited: [1, 2, 3] },
      onMeasurements: (batch) => {
        for (const { value } of batch) values.get(remoteAddress)?.push(value)
      },
    })
  }
  return { listener, turnedAway, values, associate }
}

/** How long real sockets may take on a busy machine. */
const patience = { timeout: 10_000 }

/** A way to the port that can become silent in both directions, with every connection open. */
async function mobileNetwork(port: number) {
  const sockets: Socket[] = []
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1')
    sockets.push(near, far)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('data', (octets) => to.write(octets))
      from.on('error', () => undefined)
      from.on('close', () => to.destroy())
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    drop: () => sockets.map((socket) => socket.pause()),
    resume: () => sockets.map((socket) => socket.resume()),
    close: () => {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(resolve))
    },
  }
}

describe('outstations that call in', () => {
  test('are identified by their first frame, each served by its own association', async () => {
    const { listener, values, associate } = await desk()
    const associations = [20, 21, 22].map(associate)
    const monitors = [22, 20, 21].map((address) => monitor(address, address * 10))
    const dialers = monitors.map((outstation) =>
      connectTcpOutstation(outstation, { host: '127.0.0.1', port: listener.port }),
    )
    for (const association of associations) expectValue(await association.ready())
    expect(Object.fromEntries(values)).toEqual({ 20: [200], 21: [210], 22: [220] })
    monitors[1]?.update('analog', 0, 7)
    await expect.poll(() => values.get(20)).toEqual([200, 7])
    for (const dialer of dialers) await dialer.close()
    await listener.close()
  })

  test('that call again replace a connection that is dead, and continue', async () => {
    const { listener, values, associate } = await desk({ linkTimeoutMs: 100 })
    const association = associate(20)
    const mobile = await mobileNetwork(listener.port)
    const first = connectTcpOutstation(monitor(20, 5), { host: '127.0.0.1', port: mobile.port, reconnectMinMs: 60_000 })
    expectValue(await association.ready())
    // The network drops the first connection silently: the second arrives while the first still looks open.
    mobile.drop()
    const second = connectTcpOutstation(monitor(20, 6), { host: '127.0.0.1', port: listener.port })
    await expect.poll(() => values.get(20)?.at(-1), patience).toBe(6)
    expectValue(await association.integrityPoll())
    await first.close()
    await second.close()
    await mobile.close()
    await listener.close()
  })

  test('SEC15 never evict a connection that lives, whatever link address they give', async () => {
    const { listener, turnedAway, values, associate } = await desk()
    const association = associate(20)
    const genuine = connectTcpOutstation(monitor(20, 5), { host: '127.0.0.1', port: listener.port })
    expectValue(await association.ready())
    const impostors = [1, 2, 3].map((n) =>
      connectTcpOutstation(monitor(20, 660 + n), { host: '127.0.0.1', port: listener.port, reconnectMinMs: 60_000 }),
    )
    await expect.poll(() => turnedAway.filter((reason) => reason === 'in-use').length, patience).toBeGreaterThan(2)
    expect(genuine.isUp).toBe(true)
    expectValue(await association.integrityPoll())
    expect(values.get(20)?.every((value) => value === 5)).toBe(true)
    for (const dialer of [genuine, ...impostors]) await dialer.close()
    await listener.close()
  })

  test('SEC15 do not shorten the wait that a silent connection has to prove that it lives', async () => {
    const { listener, turnedAway, associate } = await desk({ linkTimeoutMs: 60_000 })
    const association = associate(20)
    const mobile = await mobileNetwork(listener.port)
    const genuine = connectTcpOutstation(monitor(20, 5), { host: '127.0.0.1', port: mobile.port })
    expectValue(await association.ready())
    mobile.drop()
    const impostors = [1, 2, 3].map((n) =>
      connectTcpOutstation(monitor(20, 660 + n), { host: '127.0.0.1', port: listener.port, reconnectMinMs: 60_000 }),
    )
    await expect.poll(() => turnedAway.length, patience).toBe(2)
    expect(association.isReady).toBe(true)
    mobile.resume()
    // Its answer to the question has come late, but in time: the one who waited goes too.
    await expect.poll(() => turnedAway.length, patience).toBe(3)
    expectValue(await association.integrityPoll())
    for (const dialer of [genuine, ...impostors]) await dialer.close()
    await mobile.close()
    await listener.close()
  })

  test('are turned away if unexpected, silent, or not speaking DNP3', async () => {
    const { listener, turnedAway } = await desk({ identifyTimeoutMs: 40 })
    const stranger = connectTcpOutstation(monitor(99, 1), {
      host: '127.0.0.1',
      port: listener.port,
      reconnectMinMs: 60_000,
    })
    await expect.poll(() => turnedAway).toContain('unknown-address')
    const silent = connect(listener.port, '127.0.0.1')
    await expect.poll(() => turnedAway).toContain('silent')
    const other = connect(listener.port, '127.0.0.1', () => other.write(Buffer.alloc(9_000, 'GET / HTTP/1.1 ')))
    await expect.poll(() => turnedAway).toContain('not-dnp3')
    silent.destroy()
    other.destroy()
    await stranger.close()
    await listener.close()
  })

  test('can be identified before they speak, by what is known of them', async () => {
    const { listener, associate } = await desk({
      identify: ({ address }) => (address === '127.0.0.1' ? 20 : undefined),
    })
    const association = associate(20)
    const quiet = createOutstation({ address: 20, points: [{ type: 'analog', index: 0, flags: 1 }] })
    const dialer = connectTcpOutstation(quiet, { host: '127.0.0.1', port: listener.port })
    expectValue(await association.ready())
    await dialer.close()
    await expect.poll(() => association.isReady).toBe(false)
    expect(await association.integrityPoll()).toMatchObject({ ok: false, error: { code: 'not-connected' } })
    await listener.dissociate(association)
    expect(await association.integrityPoll()).toMatchObject({ ok: false, error: { code: 'closed' } })
    await listener.close()
  })
})

describe('a live log', () => {
  test('shows what passes, per layer, in both directions', async () => {
    const entries: DecodeEntry[] = []
    const { listener, associate } = await desk({
      trace: decodeTrace(['link', 'transport', 'application'], (entry) => entries.push(entry)),
    })
    const association = associate(20)
    const dialer = connectTcpOutstation(monitor(20, 5), { host: '127.0.0.1', port: listener.port })
    expectValue(await association.ready())
    await association.idle()
    const lines = entries.map(formatEntry)
    expect(lines).toContainEqual(expect.stringMatching(/^-> 1 to 20 read #0 \(FIR FIN\) g60v2 g60v3 g60v4 g60v1$/))
    expect(lines).toContainEqual(
      expect.stringMatching(/^<- 20 to 1 response #0 \(FIR FIN\) \[.*deviceRestart.*\] g30v5:0-0$/),
    )
    expect(lines).toContainEqual(expect.stringMatching(/^-> 1 to 20 link unconfirmed-user-data, \d+ octets$/))
    expect(lines).toContainEqual(expect.stringMatching(/^<- 20 to 1 transport FIR FIN sequence \d+, \d+ octets$/))
    await dialer.close()
    await listener.close()
  })
})
