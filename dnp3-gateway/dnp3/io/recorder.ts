/** Records conversations as a pcap file of synthetic TCP packets that every tool can read, whether or not TLS was used. */
import type { WireTap } from '../app/runtime.ts'
import { type Endpoint, tcpPacket } from './ip.ts'
import { pcapHeader, pcapRecord } from './pcap.ts'
import { DNP3_PORT } from './port.ts'

/** Octets of payload per packet, as on an Ethernet. */
const SEGMENT = 1400

const LOOPBACK = [127, 0, 0, 1] as const
const FIRST_PORT = 40_000

/**
 * Writes the file's octets to `sink`, the header at once. The outstation's side always gets port 20000, so that tools
 * recognise the protocol; on the master's side each connection has its own port.
 */
export class CaptureRecorder {
  private readonly sink: (octets: Uint8Array) => void
  private readonly now: () => number
  private connections = 0

  constructor(sink: (octets: Uint8Array) => void, now: () => number = Date.now) {
    this.sink = sink
    this.now = now
    sink(pcapHeader())
  }

  /** A tap for one side's connections, one after the other; `isMaster` says which side it is on. */
  tap(isMaster: boolean): WireTap {
    let master: Endpoint = { address: LOOPBACK, port: 0 }
    const outstation: Endpoint = { address: LOOPBACK, port: DNP3_PORT }
    let sequences = { master: 1, outstation: 1 }
    const record = (fromMaster: boolean, octets: Uint8Array) => {
      for (let from = 0; from < octets.length; from += SEGMENT) {
        const payload = octets.subarray(from, from + SEGMENT)
        const [own, other] = fromMaster
          ? [sequences.master, sequences.outstation]
          : [sequences.outstation, sequences.master]
        const packet = fromMaster
          ? tcpPacket(master, outstation, own, other, payload)
          : tcpPacket(outstation, master, own, other, payload)
        if (fromMaster) sequences.master += payload.length
        else sequences.outstation += payload.length
        this.sink(pcapRecord(this.now(), packet))
      }
    }
    return {
      opened: () => {
        master = { address: LOOPBACK, port: FIRST_PORT + (this.connections++ % 20_000) }
        sequences = { master: 1, outstation: 1 }
      },
      sent: (octets) => record(isMaster, octets),
      received: (octets) => record(!isMaster, octets),
    }
  }
}
