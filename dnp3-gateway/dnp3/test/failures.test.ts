import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { connectTcpMaster, createOutstation, FunctionCode, listenTcpOutstation, malformedFrames } from '../index.ts'
import { encodeFrame, primaryControl } from '../link/frame.ts'
import { FrameParser } from '../link/parser.ts'
import { Iin } from '../spec/iin.ts'
import { expectValue, startRig } from './support/rig.ts'

describe('an outstation', () => {
  test('counts garbage and still answers on the same connection', async () => {
    const outstation = createOutstation({ address: 10, points: [] })
    const listener = await listenTcpOutstation(outstation, { port: 0 })
    const socket = connect(listener.port, listener.host)
    const status = encodeFrame(primaryControl(true, 9), 10, 1)
    const broken = status.slice()
    broken[4] = 77
    const reply = new Promise<Buffer>((resolve) => socket.once('data', resolve))
    socket.write(Buffer.concat([Buffer.from('0564 nonsense 05'), broken, Buffer.from([5, 0x64, 2]), status]))
    expect([...(await reply)]).toEqual([...encodeFrame(11, 1, 10)])
    expect(malformedFrames(outstation.linkCounters)).toBeGreaterThan(0)
    socket.destroy()
    await listener.close()
  })

  test.each([
    ['without a gap', [3, 4, 5]],
    ['with gaps', [3, 4, 9]],
  ])('knows only its own points: indexes %s', (_, indexes) => {
    const outstation = createOutstation({ address: 10, points: indexes.map((index) => ({ type: 'analog', index })) })
    const asked = [-1, 0, 2, 2.5, 3, 3.5, 4, 5, 6, 9, 10, Number.NaN, Number.POSITIVE_INFINITY]
    expect(asked.filter((index) => outstation.update('analog', index, index))).toEqual(indexes)
    expect(indexes.map((index) => outstation.read('analog', index)?.value)).toEqual(indexes)
    expect(outstation.update('counter', 3, 1)).toBe(false)
  })

  test('serves many addresses on one port and many ports in one process', async () => {
    const outstations = [10, 11, 12].map((address) =>
      createOutstation({ address, points: [{ type: 'analog', index: 0, value: address }] }),
    )
    const listener = await listenTcpOutstation(outstations, { port: 0 })
    const channel = connectTcpMaster({ host: listener.host, port: listener.port })
    const values: number[] = []
    const associations = outstations.map(({ address }) =>
      channel.associate({
        remoteAddress: address,
        onMeasurements: (batch) => {
          for (const { value } of batch) values.push(value)
        },
      }),
    )
    for (const association of associations) expectValue(await association.ready())
    expect(values.sort()).toEqual([10, 11, 12])
    await channel.close()
    await listener.close()
  })
})

describe('an address', () => {
  /** A hand-played master: sends each request to an address; resolves with the frames that come back for it. */
  async function talk(selfAddress: boolean, requests: readonly (readonly [address: number, ...octets: number[]])[]) {
    const points = [{ type: 'analog', index: 0, value: 7, flags: 1 }] as const
    const outstation = createOutstation({ address: 10, points, selfAddress, needsTime: false })
    const listener = await listenTcpOutstation(outstation, { port: 0 })
    const socket = connect(listener.port, listener.host)
    const answers: { source: number; function: number; iin: number }[] = []
    const ended = new Promise<void>((resolve) => {
      const parser = new FrameParser(({ source, payload, length }) => {
        const [, , code = 0, first = 0, second = 0] = payload
        if (length > 0) answers.push({ source, function: code, iin: (first << 8) | second })
        else resolve()
      })
      socket.on('data', (chunk) => parser.push(chunk))
    })
    for (const [i, [address, ...octets]] of requests.entries()) {
      const fragment = Uint8Array.of(0xc0 | i, 0xc0 | i, ...octets)
      socket.write(encodeFrame(primaryControl(true, 4), address, 1, fragment))
    }
    // The link status, the only answer without user data, comes after all others.
    socket.write(encodeFrame(primaryControl(true, 9), 10, 1))
    await ended
    socket.destroy()
    await listener.close()
    return { answers, misdirected: outstation.linkCounters.misdirected }
  }

  const SELF = 0xfffc
  const READ = [FunctionCode.read, 60, 2, 0x06]

  test('for self-addressing (0xFFFC) is answered, if enabled, from the true address', async () => {
    expect(await talk(true, [[SELF, ...READ]])).toMatchObject({
      answers: [{ source: 10, function: 129 }],
      misdirected: 0,
    })
    expect(await talk(false, [[SELF, ...READ]])).toMatchObject({ answers: [], misdirected: 1 })
  })

  test.each([
    [0xfffd, false],
    [0xfffe, true],
    [0xffff, false],
  ])(
    'for broadcast (%d) is obeyed in silence and reported in the next response; where a confirm is due and does not come, again',
    async (everybody, isToldAgain) => {
      const { answers } = await talk(false, [
        [everybody, FunctionCode.recordCurrentTime],
        [10, ...READ],
        [10, ...READ],
      ])
      expect(answers.map(({ iin }) => (iin & Iin.broadcast) !== 0)).toEqual([true, isToldAgain])
    },
  )
})

describe('a master', () => {
  test('sends nothing that is not permitted', async () => {
    const seen: number[] = []
    await using rig = await startRig({
      association: {
        permits: (request) => {
          seen.push(request[1] as number)
          return request[1] === FunctionCode.read
        },
      },
    })
    expectValue(await rig.association.ready())
    await rig.association.idle()
    const requests = rig.outstation.counters.requests
    expect(await rig.association.timeSync()).toMatchObject({ ok: false, error: { code: 'not-permitted' } })
    expect(rig.outstation.counters.requests).toBe(requests)
    expect(rig.notices).toContainEqual({ kind: 'recovery-failed', recovery: 'time-sync', code: 'not-permitted' })
    expectValue(await rig.association.integrityPoll())
    expect(new Set(seen)).toEqual(
      new Set([FunctionCode.read, FunctionCode.write, FunctionCode.recordCurrentTime, FunctionCode.delayMeasure]),
    )
  })

  test('fails at once with not-connected while there is no connection, and with closed once closed', async () => {
    const listener = await listenTcpOutstation(createOutstation({ address: 10, points: [] }), { port: 0 })
    await listener.close()
    const states: string[] = []
    const channel = connectTcpMaster({
      host: listener.host,
      port: listener.port,
      onState: (state) => states.push(state),
    })
    const association = channel.associate({ remoteAddress: 10, onMeasurements: () => {} })
    expect(await association.integrityPoll()).toMatchObject({ ok: false, error: { code: 'not-connected' } })
    const ready = association.ready()
    await channel.close()
    expect(await ready).toMatchObject({ ok: false, error: { code: 'closed' } })
    expect(await association.classPoll([1])).toMatchObject({ ok: false, error: { code: 'closed' } })
    expect(states.at(-1)).toBe('closed')
  })

  test('times out when nothing answers, and reports it', async () => {
    await using rig = await startRig({
      outstation: { address: 99 },
      association: { responseTimeoutMs: 20 },
    })
    expect(await rig.association.ready()).toMatchObject({ ok: false, error: { code: 'timeout' } })
    expect(await rig.association.integrityPoll()).toMatchObject({ ok: false, error: { code: 'timeout' } })
    expect(rig.association.counters.timeouts).toBe(2)
  })

  test('reconnects when the outstation goes and comes back', async () => {
    const outstation = createOutstation({ address: 10, points: [{ type: 'analog', index: 0 }] })
    const first = await listenTcpOutstation(outstation, { port: 0 })
    const states: string[] = []
    const channel = connectTcpMaster({
      host: first.host,
      port: first.port,
      reconnectMinMs: 5,
      reconnectMaxMs: 10,
      onState: (state) => states.push(state),
    })
    const association = channel.associate({ remoteAddress: 10, onMeasurements: () => {} })
    expectValue(await association.ready())
    await first.close()
    // The port is free at once, but the end of the connection is noticed here a moment later.
    await expect.poll(() => states.includes('waiting')).toBe(true)
    const second = await listenTcpOutstation(outstation, { port: first.port })
    await expect.poll(() => association.isReady && channel.state === 'open').toBe(true)
    expect(expectValue(await association.integrityPoll()).points).toBe(1)
    await channel.close()
    await second.close()
  })

  test('asks a silent outstation for link status and drops a dead connection', async () => {
    const states: string[] = []
    await using rig = await startRig({
      outstation: { address: 99 },
      channel: { keepAliveMs: 5, linkTimeoutMs: 5, onState: (state) => states.push(state) },
    })
    await expect.poll(() => states.includes('waiting')).toBe(true)
    expect(rig.outstation.linkCounters.misdirected).toBeGreaterThan(0)
  })

  test('keeps a connection that is silent but alive', async () => {
    await using rig = await startRig({ channel: { keepAliveMs: 2, linkTimeoutMs: 1_000 } })
    await expect.poll(() => rig.outstation.linkCounters.linkServices).toBeGreaterThan(3)
    expect(rig.channel.state).toBe('open')
  })
})
