import { connect as connectSocket, createServer, type Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { connectTcpMaster, createOutstation, listenTcpOutstation } from '../index.ts'
import { Iin } from '../spec/iin.ts'
import { expectValue, MIXED_POINTS, START_MS, startRig } from './support/rig.ts'

const STATICS = MIXED_POINTS.length - 1 // the empty string is not reported

describe('FM22 a hub that reboots', () => {
  test('has its restart bit cleared and all its values read again, and no event is invented', async () => {
    await using rig = await startRig()
    expectValue(await rig.association.ready())
    await rig.association.idle()
    rig.outstation.update('binary', 1, 1)
    rig.outstation.restart()
    rig.received.length = 0
    rig.notices.length = 0
    expectValue(await rig.association.classPoll([1, 2, 3]))
    await rig.association.idle()
    expect(rig.notices).toContainEqual({ kind: 'restarted' })
    expect(rig.received).toHaveLength(STATICS)
    expect(rig.received.every(({ kind }) => kind === 'static')).toBe(true)
    expect(expectValue(await rig.association.classPoll([1])).iin & Iin.deviceRestart).toBe(0)
    expect(rig.notices.filter(({ kind }) => kind === 'restarted')).toHaveLength(1)
  })

  test('that never clears the bit costs a limited number of requests', async () => {
    await using rig = await startRig({ outstation: { masterAddress: 1 } })
    expectValue(await rig.association.ready())
    await rig.association.idle()
    const before = rig.association.counters.requests
    for (let poll = 0; poll < 5; poll++) {
      rig.outstation.restart()
      expectValue(await rig.association.classPoll([1]))
      await rig.association.idle()
    }
    // The poll itself, clearing the bit, and the integrity poll.
    expect(rig.association.counters.requests - before).toBeLessThanOrEqual(5 * 3)
  })
})

describe('FM23 a hub with an overflowing event buffer', () => {
  test('has the gap reported once and all its values read', async () => {
    await using rig = await startRig({ outstation: { maxEventsPerClass: 3 } })
    expectValue(await rig.association.ready())
    await rig.association.idle()
    for (let i = 0; i < 10; i++) rig.outstation.update('binary', 1, i % 2, { event: 'force' })
    rig.received.length = 0
    expectValue(await rig.association.classPoll([1]))
    await rig.association.idle()
    expectValue(await rig.association.classPoll([1]))
    expect(rig.notices.filter(({ kind }) => kind === 'event-gap')).toHaveLength(1)
    expect(rig.received.filter(({ kind }) => kind === 'event')).toHaveLength(3)
    expect(rig.received.filter(({ kind }) => kind === 'static')).toHaveLength(STATICS)
    expect(rig.outstation.eventCounters).toMatchObject({ created: 10, discarded: 7, confirmed: 3 })
  })
})

describe('FM24 a hub that needs the time', () => {
  test('gets it each time it asks', async () => {
    await using rig = await startRig()
    expectValue(await rig.association.ready())
    await rig.association.idle()
    rig.notices.length = 0
    for (let i = 1; i <= 3; i++) {
      rig.clock.ms += 60_000
      rig.outstation.requestTime()
      expectValue(await rig.association.classPoll([1]))
      await rig.association.idle()
      expect(rig.notices.at(-1)).toEqual({ kind: 'time-written', timeMs: START_MS + i * 60_000 })
    }
    expect(rig.notices).toHaveLength(3)
  })

  test('is left alone if that is configured', async () => {
    await using rig = await startRig({ association: { timeSync: 'never' } })
    expectValue(await rig.association.ready())
    rig.outstation.requestTime()
    expect(expectValue(await rig.association.classPoll([1])).iin & Iin.needTime).not.toBe(0)
    await rig.association.idle()
    expect(rig.notices.some(({ kind }) => kind === 'time-written')).toBe(false)
  })
})

describe('FM25 a half-open connection', () => {
  test('is detected by its silence, dropped and made again', async () => {
    const outstation = createOutstation({ address: 10, points: [{ type: 'analog', index: 0 }] })
    const listener = await listenTcpOutstation(outstation, { port: 0 })
    const proxy = await startProxy(listener.port)
    const states: string[] = []
    const channel = connectTcpMaster({
      host: '127.0.0.1',
      port: proxy.port,
      keepAliveMs: 400,
      linkTimeoutMs: 100,
      reconnectMinMs: 5,
      reconnectMaxMs: 20,
      onState: (state) => states.push(state),
    })
    const association = channel.associate({ remoteAddress: 10, responseTimeoutMs: 200, onMeasurements: () => {} })
    expectValue(await association.ready())
    proxy.swallow(true)
    expect(await association.integrityPoll()).toMatchObject({ ok: false, error: { code: 'timeout' } })
    await expect.poll(() => states.filter((state) => state === 'waiting').length, { timeout: 5_000 }).toBeGreaterThan(0)
    proxy.swallow(false)
    // A start-up that met the silence runs again with the next operation.
    await expect.poll(async () => (await association.integrityPoll()).ok, { timeout: 10_000 }).toBe(true)
    expect(expectValue(await association.integrityPoll()).points).toBe(1)
    await channel.close()
    await proxy.close()
    await listener.close()
  })
})

describe('a start-up that fails', () => {
  test('is repeated with growing waits until the device answers', async () => {
    const listener = await listenTcpOutstation(
      createOutstation({ address: 10, points: [{ type: 'analog', index: 0 }] }),
      { port: 0 },
    )
    const proxy = await startProxy(listener.port)
    const waits: number[] = []
    const pending: (() => void)[] = []
    // Start-up waits are skipped by hand; response time-outs are real.
    const timers = {
      set: (ms: number, callback: () => void) => {
        if (ms < 1_000) return setTimeout(callback, ms)
        waits.push(ms)
        return pending.push(callback)
      },
      clear: (handle: unknown) => {
        if (typeof handle === 'object') clearTimeout(handle as NodeJS.Timeout)
      },
    }
    const channel = connectTcpMaster({ host: '127.0.0.1', port: proxy.port, keepAliveMs: 0, timers, random: () => 1 })
    proxy.swallow(true)
    const association = channel.associate({
      remoteAddress: 10,
      responseTimeoutMs: 500,
      onMeasurements: () => {},
      startUp: { retryMinMs: 2_000, retryMaxMs: 7_000 },
    })
    expect(await association.ready()).toMatchObject({ ok: false, error: { code: 'timeout' } })
    const tryAgain = async () => {
      await expect.poll(() => pending.length).toBeGreaterThan(0)
      pending.shift()?.()
      return association.ready()
    }
    for (let n = 0; n < 3; n++) expect((await tryAgain()).ok).toBe(false)
    proxy.swallow(false)
    expectValue(await tryAgain())
    expect(waits).toEqual([2_000, 4_000, 7_000, 7_000])
    expect(association.isReady).toBe(true)
    expect(pending).toEqual([])
    await channel.close()
    await proxy.close()
    await listener.close()
  })
})

describe('FM26 a host that accepts and hangs up', () => {
  test('is called less and less often, although each call succeeds', async () => {
    let calls = 0
    const server = createServer((socket) => {
      calls++
      socket.destroy()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const waits: number[] = []
    const timers = {
      set: (ms: number, callback: () => void) => {
        waits.push(ms)
        return setTimeout(callback, 1)
      },
      clear: (timer: unknown) => clearTimeout(timer as NodeJS.Timeout),
    }
    const channel = connectTcpMaster({
      host: '127.0.0.1',
      port,
      timers,
      random: () => 0,
      keepAliveMs: 0,
      reconnectMaxMs: 8_000,
    })
    await expect.poll(() => calls).toBeGreaterThan(7)
    await channel.close()
    await new Promise((resolve) => server.close(resolve))
    expect(waits.slice(0, 7)).toEqual([250, 500, 1_000, 2_000, 4_000, 4_000, 4_000])
  })
})

/** A TCP proxy that can go silent without closing anything. */
async function startProxy(port: number) {
  let silent = false
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = connectSocket(port, '127.0.0.1')
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from.on('data', (chunk) => silent || to.write(chunk))
      from.on('error', () => {})
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    swallow: (on: boolean) => {
      silent = on
    },
    close: () => {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(resolve))
    },
  }
}
