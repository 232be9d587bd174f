import type { MappedPoint } from '../../../../../schemas/grid/gateway.ts'
import { type HubForm, hubForm, type RegisteredHub } from '../../../../../schemas/grid/hubs.ts'

/** A feeder as it is typed. */
export interface FeederDraft {
  key: string
  feeder: string
  role: HubForm['feeders'][number]['role']
  connectionId: string | null
}

type Text =
  | 'name'
  | 'nodeId'
  | 'host'
  | 'port'
  | 'tlsName'
  | 'localAddress'
  | 'remoteAddress'
  | 'integrityPollS'
  | 'timeoutS'

/** A registration as it is typed; an empty text is none. */
export interface HubDraft extends Record<Text, string> {
  connectionId: string | null
  dialsIn: boolean
  /** Whether gateways of a pool share it, rather than one gateway polling it. */
  isPooled: boolean
  gatewayId: string
  pool: string
  pointMapName: string
  pointOverrides: MappedPoint[]
  feeders: FeederDraft[]
}

/** What is wrong with a member of a registration, by the member; a feeder’s by `feeder` and its key. */
export type HubFaults = ReadonlyMap<string, string>

let made = 0
const newKey = () => `${++made}`

/** The next feeder of a list, which measures the same connection as the one before. */
export function nextFeeder(feeders: readonly FeederDraft[], connectionId: string | null): FeederDraft {
  const last = feeders.at(-1)
  const highest = Math.max(0, ...feeders.map(({ feeder }) => Number(feeder) || 0))
  return {
    key: newKey(),
    feeder: String(highest + 1),
    role: last ? 'ev' : 'building',
    connectionId: last?.connectionId ?? connectionId,
  }
}

/** A new hub: polled every minute over plain TCP at the ports and addresses that most hubs have. */
export function newHub(): HubDraft {
  return {
    name: '',
    connectionId: null,
    nodeId: '',
    host: '',
    port: '20000',
    dialsIn: false,
    tlsName: '',
    localAddress: '1',
    remoteAddress: '10',
    integrityPollS: '60',
    timeoutS: '180',
    isPooled: false,
    gatewayId: '',
    pool: '',
    pointMapName: '',
    pointOverrides: [],
    feeders: [],
  }
}

/** A stored registration as it would be typed. */
export function draftOf(hub: RegisteredHub): HubDraft {
  return {
    ...hub,
    nodeId: hub.nodeId ?? '',
    port: String(hub.port),
    tlsName: hub.tlsName ?? '',
    localAddress: String(hub.localAddress),
    remoteAddress: String(hub.remoteAddress),
    integrityPollS: String(hub.integrityPollS),
    timeoutS: String(hub.timeoutS),
    isPooled: hub.pool !== null,
    gatewayId: hub.gatewayId ?? '',
    pool: hub.pool ?? '',
    pointMapName: hub.pointMapName ?? '',
    feeders: hub.feeders.map(({ feeder, ...rest }) => ({ ...rest, key: newKey(), feeder: String(feeder) })),
  }
}

const wrong: Readonly<Record<string, string>> = {
  name: 'Give it a name, at most 100 letters.',
  host: 'Say where the hub answers, a host or an IP address, unless it calls its gateway.',
  port: 'Enter a port, 1 to 65535.',
  tlsName: 'Enter at most 255 letters.',
  localAddress: 'Enter a link address, 0 to 65519.',
  remoteAddress: 'Enter a link address, 0 to 65519.',
  integrityPollS: 'Enter whole seconds, 1 to 86,400 (a day).',
  timeoutS: 'Enter whole seconds, 3 to 604,800 (a week).',
  pointOverrides: 'A hub has at most 5,000 points of its own, each once.',
}

/** A registration as it was typed, or what is wrong with it. */
export function readHub(draft: HubDraft): { body: HubForm | null; faults: HubFaults } {
  const { isPooled, feeders, ...rest } = draft
  const given = {
    ...rest,
    name: rest.name.trim(),
    nodeId: textOrNone(rest.nodeId),
    host: rest.host.trim(),
    // A hub that calls in has no port; one that was typed before is kept.
    port: rest.dialsIn && rest.port.trim() === '' ? 0 : wholeOf(rest.port),
    tlsName: textOrNone(rest.tlsName),
    localAddress: wholeOf(rest.localAddress),
    remoteAddress: wholeOf(rest.remoteAddress),
    integrityPollS: wholeOf(rest.integrityPollS),
    timeoutS: wholeOf(rest.timeoutS),
    gatewayId: isPooled ? null : textOrNone(rest.gatewayId),
    pool: isPooled ? textOrNone(rest.pool) : null,
    pointMapName: textOrNone(rest.pointMapName),
    feeders: feeders.map(({ feeder, role, connectionId }) => ({ feeder: wholeOf(feeder), role, connectionId })),
  }
  const read = hubForm.safeParse(given)
  const named = (read.error?.issues ?? []).map(({ path }) => String(path[0])).filter((field) => field in wrong)
  const faults = new Map(named.map((field) => [field, wrong[field] ?? '']))
  if (given.connectionId === null && given.nodeId === null)
    faults.set('nodeId', 'Say what the hub monitors: a connection, a node, or both.')
  if (!isPooled && given.gatewayId === null) faults.set('gatewayId', 'Name the gateway that polls it.')
  if (isPooled && given.pool === null) faults.set('pool', 'Choose the pool whose gateways share it.')
  // A refinement of the contract is only asked once every member is right.
  if (!given.dialsIn && given.host === '') faults.set('host', wrong['host'] ?? '')
  if (!given.dialsIn && given.port === 0) faults.set('port', wrong['port'] ?? '')
  for (const feeder of feeders) {
    const fault = feederFault(feeder, feeders)
    if (fault !== null) faults.set(`feeder ${feeder.key}`, fault)
  }
  return { body: read.success && faults.size === 0 ? read.data : null, faults }
}

function feederFault({ key, feeder, connectionId }: FeederDraft, all: readonly FeederDraft[]): string | null {
  const number = wholeOf(feeder)
  if (!(number >= 1 && number <= 64)) return 'Enter the number of the feeder, 1 to 64.'
  if (all.some((other) => other.key !== key && wholeOf(other.feeder) === number))
    return `Feeder ${number} is in the list twice.`
  return connectionId === null ? 'Choose the connection whose import it is.' : null
}

function textOrNone(text: string): string | null {
  return text.trim() === '' ? null : text.trim()
}

/** A whole number as typed; not a number if it is none. */
function wholeOf(text: string): number {
  return /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN
}
