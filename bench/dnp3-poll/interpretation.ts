import { connectTcpMaster, MasterChannel, type Runtime } from '../../dnp3-gateway/dnp3/index.ts'

/** Where the application control octet, with the sequence, is in a frame: behind the link header and the transport octet. */
const controlAt = 11
/** Octets of a poll's frame; a confirm is shorter. */
const requestOctets = 27

const quiet = { startUp: { integrityPoll: false }, timeSync: 'never', remoteAddress: 10 } as const
const runtime: Runtime = {
  now: () => Date.now(),
  timers: { set: () => 0, clear: () => undefined, now: () => performance.now() },
  random: () => 0,
}

/**
 * CPU seconds per 1,000 polls of everything between request and measurements, without sockets: what is left of a poll when the system and
 * the runtime's streams are taken away. The responses are an outstation's own, one for each of the sixteen sequences.
 */
export async function measureInterpretation(port: number, polls = 50_000): Promise<number> {
  const responses = await recordResponses(port)
  let answer: Buffer | undefined
  let received: (octets: Uint8Array) => void = () => undefined
  let opened: () => void = () => undefined
  const channel = new MasterChannel(
    (handlers) => {
      received = (octets) => handlers.received(octets)
      opened = () => handlers.opened()
      return {
        send: (octets) => {
          if (octets.length === requestOctets) answer = responses.get((octets[controlAt] as number) & 15)
        },
        close: () => handlers.closed(),
      }
    },
    runtime,
    { keepAliveMs: 0 },
  )
  const association = channel.associate({ ...quiet, onMeasurements: () => undefined })
  channel.open()
  opened()
  await association.ready()
  await association.idle()
  const poll = async (times: number) => {
    for (let n = 0; n < times; n++) {
      const outcome = association.integrityPoll()
      if (answer === undefined) throw new Error('a sequence was not recorded')
      received(answer)
      await outcome
    }
  }
  await poll(10_000)
  const before = process.cpuUsage()
  await poll(polls)
  const { user, system } = process.cpuUsage(before)
  await channel.close()
  return ((user + system) / 1e6 / polls) * 1_000
}

/** A response for each sequence, as octets of the wire. */
async function recordResponses(port: number): Promise<Map<number, Buffer>> {
  const responses = new Map<number, Buffer>()
  let parts: Buffer[] = []
  const channel = connectTcpMaster({
    host: '127.0.0.1',
    port,
    keepAliveMs: 0,
    tap: {
      opened: () => undefined,
      sent: () => undefined,
      received: (octets) => parts.push(Buffer.from(octets)),
    },
  })
  const association = channel.associate({ ...quiet, onMeasurements: () => undefined })
  await association.ready()
  await association.idle()
  for (let n = 0; n < 17; n++) {
    parts = []
    await association.integrityPoll()
    await association.idle()
    const response = Buffer.concat(parts)
    // The first poll may have brought the answer to clearing the restart as well.
    if (n > 0) responses.set((response[controlAt] as number) & 15, response)
  }
  await channel.close()
  return responses
}
