import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { FunctionCode } from '../../dnp3/index.ts'
import { newPeer, newStationCounters, Station } from '../../dnp3/transport/station.ts'

/** A request as it arrived: its function, and its object headers in hexadecimal. */
export interface DeviceRequest {
  readonly code: number
  readonly objects: string
}

/** Fragments in hexadecimal, which take the sequence of the request, each but the first after the confirm of the one before; or silence. */
export type DeviceAnswer = string | readonly string[] | null

/** A hand-made outstation on a real socket: real frames around fragments that no stack of ours would write. */
export interface Device extends AsyncDisposable {
  readonly port: number
  readonly requests: DeviceRequest[]
  /** Solicited and unsolicited confirms received. */
  readonly confirms: string[]
  /** Sends a fragment that nobody has asked for. */
  say(fragment: string): void
}

/** The octets of cases, by name; an answer of several fragments is a list. */
export const fragments: Readonly<Record<string, string | readonly string[]>> = JSON.parse(
  readFileSync(new URL('../../../test/cases/dnp3/fragments.json', import.meta.url), 'utf8'),
)

/** The fragments of a case; throws for a name that there is none of. */
export function caseOf(name: string): string | readonly string[] {
  const found = fragments[name]
  if (found === undefined) throw new Error(`no case ${name} in test/cases/dnp3/fragments.json`)
  return found
}

/** Starts a device with link address 10 whose master has address 1. */
export async function startDevice(answer: (request: DeviceRequest) => DeviceAnswer): Promise<Device> {
  const requests: DeviceRequest[] = []
  const confirms: string[] = []
  const sockets = new Set<Socket>()
  let say: (fragment: string) => void = () => {
    throw new Error('nobody has called the device yet')
  }
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    const counters = newStationCounters()
    const peer = newPeer(10, 1, 4096, counters.transport)
    const station = new Station({
      isMaster: false,
      send: (octets) => socket.write(octets),
      route: () => peer,
      counters,
    })
    let rest: string[] = []
    let sequence = 0
    const send = (fragment: string, control = sequence) => {
      const octets = Buffer.from(fragment.replaceAll(' ', ''), 'hex')
      octets[0] = ((octets[0] as number) & 0xf0) | (control & 0x0f)
      station.sendFragment(peer, octets)
    }
    say = (fragment) => send(fragment, Number.parseInt(fragment.slice(0, 2), 16))
    peer.receiver = {
      receive: (octets) => {
        const code = octets[1] as number
        if (code === FunctionCode.confirm) {
          confirms.push(Buffer.from(octets).toString('hex'))
          const next = rest.shift()
          if (next !== undefined) send(next, ++sequence)
          return
        }
        const request = { code, objects: Buffer.from(octets.subarray(2)).toString('hex') }
        requests.push(request)
        sequence = octets[0] as number
        const given = answer(request)
        const [first, ...others] = given === null ? [] : typeof given === 'string' ? [given] : given
        rest = others
        if (first !== undefined) send(first)
      },
    }
    socket.on('data', (chunk) => station.receive(chunk))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    confirms,
    say: (fragment) => say(fragment),
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
