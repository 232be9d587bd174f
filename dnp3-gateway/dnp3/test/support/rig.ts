/** A master and an outstation on 127.0.0.1, for tests. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect } from 'vitest'
import {
  type Association,
  type AssociationNotice,
  type AssociationOptions,
  CaptureRecorder,
  connectTcpMaster,
  createOutstation,
  decodeCapture,
  listenTcpOutstation,
  type MasterChannel,
  type Measurement,
  type Outstation,
  type OutstationListener,
  type OutstationOptions,
  type PointConfig,
  type TcpMasterOptions,
} from '../../index.ts'
import { type Dissected, differences, dissect, HAS_TSHARK, isOpaque } from './tshark.ts'

export const START_MS = Date.UTC(2026, 0, 15, 6, 0, 0)

export interface Rig extends AsyncDisposable {
  readonly outstation: Outstation
  readonly listener: OutstationListener
  readonly channel: MasterChannel
  readonly association: Association
  readonly received: Measurement[]
  readonly notices: AssociationNotice[]
  readonly clock: { ms: number }
}

export interface RigOptions {
  readonly points?: readonly PointConfig[]
  readonly outstation?: Partial<OutstationOptions>
  readonly association?: Partial<AssociationOptions>
  readonly channel?: Partial<TcpMasterOptions>
}

/** Everything that the rigs of a test file have said, as a capture. */
const recorded: Uint8Array[] = []
export const recorder = new CaptureRecorder((octets) => recorded.push(octets.slice()))

// Every frame that either side wrote must dissect in tshark without complaint, and mean the same there.
afterAll(async () => {
  if (!HAS_TSHARK || recorded.length < 2) return
  const folder = await mkdtemp(join(tmpdir(), 'dnp3-'))
  const file = join(folder, 'rig.pcap')
  const capture = Buffer.concat(recorded)
  await writeFile(file, capture)
  const dissection = await dissect(file)
  await rm(folder, { recursive: true })
  expect(dissection.fragments.length).toBeGreaterThan(0)
  expect(dissection.fragments.flatMap(complaintsOf)).toEqual([])
  expect(differences([...decodeCapture(capture)], dissection)).toEqual([])
})

/** What tshark finds wrong, but for what it does not know itself: some objects, and variation 0 of some groups. */
function complaintsOf({ frame, complaints, objects }: Dissected): string[] {
  if (objects.some(isOpaque)) return []
  const unlisted = objects.some(({ variation }) => variation === 0)
  return complaints
    .filter((text) => !(unlisted && text.startsWith('Unknown Object')))
    .map((text) => `frame ${frame}: ${text}`)
}

/** A few points of every kind, all online with a value. */
export const MIXED_POINTS: readonly PointConfig[] = [
  { type: 'binary', index: 0, eventClass: 1, value: 1, flags: 1 },
  { type: 'binary', index: 1, eventClass: 1, flags: 1 },
  { type: 'doubleBit', index: 3, eventClass: 1, value: 2, flags: 1 },
  { type: 'binaryOutput', index: 0, value: 1, flags: 1 },
  { type: 'counter', index: 5, eventClass: 3, value: 4_000_000_000, flags: 1 },
  { type: 'frozenCounter', index: 5, value: 17, flags: 1 },
  { type: 'analog', index: 0, eventClass: 2, value: 240.5, flags: 1, deadband: 0.5 },
  { type: 'analog', index: 1, eventClass: 2, value: -70_000, flags: 1, staticVariation: 1, eventVariation: 3 },
  { type: 'analog', index: 2, eventClass: 2, value: Math.PI, flags: 1, staticVariation: 6, eventVariation: 8 },
  { type: 'analog', index: 70_000, value: 12, flags: 1, staticVariation: 3 },
  { type: 'analogOutput', index: 0, value: 50, flags: 1 },
  { type: 'octetString', index: 0, eventClass: 3 },
]

/** Starts both ends on one virtual clock; they are connected, but the start-up may still be running. */
export async function startRig(options: RigOptions = {}): Promise<Rig> {
  const clock = { ms: START_MS }
  const now = () => clock.ms
  const outstation = createOutstation({
    address: 10,
    points: options.points ?? MIXED_POINTS,
    now,
    ...options.outstation,
  })
  const listener = await listenTcpOutstation(outstation, { port: 0 })
  const channel = connectTcpMaster({
    host: listener.host,
    port: listener.port,
    now,
    tap: recorder.tap(true),
    ...options.channel,
  })
  const received: Measurement[] = []
  const notices: AssociationNotice[] = []
  const association = channel.associate({
    remoteAddress: 10,
    onMeasurements: (batch) => {
      received.push(...batch)
    },
    onNotice: (notice) => notices.push(notice),
    ...options.association,
  })
  return {
    outstation,
    listener,
    channel,
    association,
    received,
    notices,
    clock,
    [Symbol.asyncDispose]: async () => {
      await channel.close()
      await listener.close()
    },
  }
}

/** The value of an outcome that must have succeeded. */
export function expectValue<T>(
  outcome: { ok: true; value: T } | { ok: false; error: { code: string; message: string } },
): T {
  if (!outcome.ok) throw new Error(`${outcome.error.code}: ${outcome.error.message}`)
  return outcome.value
}
