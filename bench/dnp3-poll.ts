import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { connectTcpMaster, type MasterChannel } from '../dnp3-gateway/dnp3/index.ts'
import { measureInterpretation } from './dnp3-poll/interpretation.ts'
import { phaseSeconds, profiled } from './dnp3-poll/phases.ts'

const most = 1_000

/** Polls and bare exchanges take turns, so that other load on the machine affects both. */
const turns = 7

/** One direction of a poll, as sent over the wire. */
interface Exchange {
  readonly request: Buffer
  readonly response: Buffer
  readonly confirm: Buffer
}

interface Rate {
  readonly polls: number
  readonly seconds: number
  readonly cpuSeconds: number
}

/**
 * `dnp3-poll`: this process is the master of 1, 100 and 1,000 outstations in a second process, and makes integrity polls one after
 * the other on each: 90 static values and 3 events, about 470 octets in, 27 and a confirm out. `ratio` compares this, at 1,000, with the
 * same octets over bare sockets that do not interpret them: the median of seven turns of both. Every row has the processor time of both per
 * 1,000 polls, their ratio, and where ours goes, by phase, from a turn of its own under the profiler.
 */
export async function run(options: Record<string, string>): Promise<Record<string, unknown>> {
  const seconds = Number(options['seconds'] ?? 2)
  const hubs = fork(new URL('dnp3-poll/hubs.ts', import.meta.url), [String(most)])
  try {
    const { ports } = (await message(hubs)) as { ports: number[] }
    const exchange = await recordExchange(ports[0] as number)
    hubs.send(exchange.response.toString('hex'))
    const { bare } = (await message(hubs)) as { bare: number }
    const rows = []
    // Compiled code first: the row of one outstation would otherwise pay for it.
    await measurePolls(ports.slice(0, 10), seconds)
    for (const count of [1, 100]) {
      const ours = await measurePolls(ports.slice(0, count), seconds)
      const peer = await measureBare(bare, count, exchange, seconds)
      rows.push({
        outstations: count,
        ...figures(ours),
        ...(await compared(ours, peer, ports.slice(0, count), seconds)),
      })
    }
    const polls: Rate[] = []
    const bares: Rate[] = []
    for (let turn = 0; turn < turns; turn++) {
      polls.push(await measurePolls(ports, seconds))
      bares.push(await measureBare(bare, most, exchange, seconds))
    }
    const interpretation = await measureInterpretation(ports[0] as number)
    const all = { ...figures(total(polls)), ...(await compared(total(polls), total(bares), ports, seconds)) }
    const peer = figures(total(bares))
    return {
      octetsIn: exchange.response.length,
      octetsOut: exchange.request.length,
      octetsConfirm: exchange.confirm.length,
      rows: [...rows, { outstations: most, ...all }],
      bare: peer,
      /** Of that, all that is ours: frames, fragments, measurements, session; without sockets. */
      interpretationCpuSecondsPer1000Polls: round(interpretation),
      peer: {
        kind: 'bare sockets',
        why: 'the same octets through the same kind of sockets in this process, not interpreted: what no master on this runtime can be below',
        opendnp3: 'not measured: no binary of it comes with this repository',
      },
      rssMb: Math.round(process.memoryUsage().rss / 1e6),
      ratio: Math.round(median(polls.map((rate, i) => perSecond(rate) / perSecond(bares[i] as Rate))) * 1000) / 1000,
      limit: 0.5,
    }
  } finally {
    hubs.disconnect()
  }
}

async function message(child: ChildProcess): Promise<unknown> {
  const [value] = await once(child, 'message')
  return value
}

function perSecond({ polls, seconds }: Rate): number {
  return polls / seconds
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] as number
}

function figures({ polls, seconds, cpuSeconds }: Rate) {
  return {
    pollsPerSecond: Math.round(polls / seconds),
    masterCpuSecondsPer1000: Math.round((cpuSeconds / polls) * 1e6) / 1e3,
  }
}

/** The processor time of the peer beside ours, and ours by phase. */
async function compared(ours: Rate, peer: Rate, ports: readonly number[], seconds: number) {
  const [own, other] = [cpuPer1000(ours), cpuPer1000(peer)]
  const shares = await profiled(async () => void (await measurePolls(ports, seconds)))
  return {
    cpuSecondsPer1000Polls: round(own),
    peerCpuSecondsPer1000Polls: round(other),
    cpuRatio: round(own / other),
    phases: phaseSeconds(shares, own),
  }
}

function cpuPer1000({ polls, cpuSeconds }: Rate): number {
  return (cpuSeconds / polls) * 1_000
}

function round(value: number): number {
  return Math.round(value * 1e4) / 1e4
}

function total(rates: readonly Rate[]): Rate {
  const sum = (pick: (rate: Rate) => number) => rates.reduce((all, rate) => all + pick(rate), 0)
  return { polls: sum((r) => r.polls), seconds: sum((r) => r.seconds), cpuSeconds: sum((r) => r.cpuSeconds) }
}

/** Counts per second, once every connection is active. `count` reads a running total. */
async function measure(seconds: number, isWarm: () => boolean, count: () => number): Promise<Rate> {
  for (let waited = 0; !isWarm(); waited += 50) {
    if (waited > 60_000) throw new Error('some outstations did not answer within a minute')
    await pause(50)
  }
  const before = { polls: count(), cpu: process.cpuUsage(), at: performance.now() }
  await pause(seconds * 1_000)
  const cpu = process.cpuUsage(before.cpu)
  return {
    polls: count() - before.polls,
    seconds: (performance.now() - before.at) / 1_000,
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

function channelTo(port: number, more: Partial<Parameters<typeof connectTcpMaster>[0]> = {}): MasterChannel {
  return connectTcpMaster({ host: '127.0.0.1', port, keepAliveMs: 0, ...more })
}

const quiet = { startUp: { integrityPoll: false }, timeSync: 'never' } as const

async function measurePolls(ports: readonly number[], seconds: number): Promise<Rate> {
  let points = 0
  let polls = 0
  let warm = 0
  let isOver = false
  const channels = ports.map((port) => channelTo(port))
  const associations = channels.map((channel) =>
    channel.associate({
      ...quiet,
      remoteAddress: 10,
      onMeasurements: (batch) => {
        for (let i = 0; i < batch.length; i++) points += Number.isNaN(batch.value[i]) ? 0 : 1
      },
    }),
  )
  const loops = associations.map(async (association) => {
    await association.ready()
    for (let own = 0; !isOver; own++) {
      if (own === 1) warm++
      const outcome = await association.integrityPoll()
      if (!outcome.ok) throw new Error(`a poll failed: ${outcome.error.message}`)
      polls++
    }
  })
  const isWarm = () => warm === ports.length
  const rate = await measure(seconds, isWarm, () => polls)
  isOver = true
  await Promise.all(loops)
  await Promise.all(channels.map((channel) => channel.close()))
  // The first poll of each clears the restart indication; all others bring 93 points.
  if (points < polls * 93) throw new Error(`${polls} polls brought ${points} points`)
  return rate
}

/** The octets of one poll, captured from the wire. */
async function recordExchange(port: number): Promise<Exchange> {
  const sent: Buffer[] = []
  let received: Buffer[] = []
  const channel = channelTo(port, {
    tap: {
      opened: () => undefined,
      sent: (octets) => sent.push(Buffer.from(octets)),
      received: (octets) => received.push(Buffer.from(octets)),
    },
  })
  const association = channel.associate({ ...quiet, remoteAddress: 10, onMeasurements: () => undefined })
  await association.ready()
  await association.integrityPoll()
  await association.idle()
  sent.length = 0
  received = []
  await association.integrityPoll()
  const response = Buffer.concat(received)
  await channel.close()
  const [request, confirm] = sent
  if (request === undefined || confirm === undefined) throw new Error('a poll has a request and a confirm')
  return { request, response, confirm }
}

async function measureBare(port: number, count: number, exchange: Exchange, seconds: number): Promise<Rate> {
  let polls = 0
  let warm = 0
  const sockets: Socket[] = []
  // In the same writes as ours: a confirm and the next request together.
  const next = Buffer.concat([exchange.confirm, exchange.request])
  for (let i = 0; i < count; i++) {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    let seen = 0
    let isCold = true
    socket.on('data', (chunk) => {
      seen += chunk.length
      if (seen < exchange.response.length) return
      seen -= exchange.response.length
      polls++
      if (isCold) warm++
      isCold = false
      socket.write(next)
    })
    socket.on('connect', () => socket.write(exchange.request))
    socket.on('error', () => undefined)
    sockets.push(socket)
  }
  const rate = await measure(
    seconds,
    () => warm === count,
    () => polls,
  )
  for (const socket of sockets) socket.destroy()
  return rate
}
