/** A clamp or meter on one of a depot's cables, as the feed that delivers it states. */
export interface Channel {
  /** As its supplier names it. */
  channel: string
  depotId: string
  feeder: number
  /** What the cable feeds; a tenant and solar panels are told apart from the depot's own load. */
  use: 'building' | 'ev' | 'tenant' | 'solar' | 'incomer'
  /**
   * How it counts in what the site imports: +1 what is drawn through the connection, −1 what is generated behind it (a clamp knows no
   * direction), 0 what another channel has counted already, as a tenant's cable behind a measured incomer.
   */
  sign: 1 | 0 | -1
  /** Phase to neutral, V: 230 for LV, 6,351 for a cable of 11 kV. It is assumed, not measured. */
  voltageV: number
  /** Phases that the measured current flows in: 1, or 3 for one clamp on a balanced cable. */
  phases: 1 | 3
  powerFactor: number
  /** What the reported figure is multiplied by: a transformer's ratio, or 1,000 for kW. */
  factor: number
}

/** The load of a channel in a minute. */
export interface ChannelReading {
  channel: string
  atMs: number
  /** `null`: it reported power. */
  currentA: number | null
  powerW: number
  isDerived: boolean
}

/**
 * Active power from a current with assumed voltage and power factor (report 3.2.3.4): P = phases · U · I · cos φ, W.
 * @param currentA in one phase, A.
 */
export function derivedPowerW(
  currentA: number,
  { phases, voltageV, powerFactor }: Pick<Channel, 'phases' | 'voltageV' | 'powerFactor'>,
): number {
  return phases * voltageV * currentA * powerFactor
}

/**
 * What the site imports in a minute: the sum of its channels by their signs, W, below 0 where it exports. `null` while a channel that
 * counts is missing: a sum without it would make the site seem smaller than it is.
 */
export function siteLoadW(
  channels: readonly Pick<Channel, 'channel' | 'sign'>[],
  powerW: ReadonlyMap<string, number>,
): number | null {
  const counted = channels.filter(({ sign }) => sign !== 0)
  if (counted.length === 0) return null
  let sum = 0
  for (const { channel, sign } of counted) {
    const itsW = powerW.get(channel)
    if (itsW === undefined) return null
    sum += sign * itsW
  }
  return sum
}

/** The load of one cable of a depot as last measured. */
export interface FeederLoad {
  feeder: number
  /** The supply that it is on: the feeder's own MPAN, else the depot's; `null`: neither is known. */
  mpan: string | null
  /** Sum of its channels, W, what is generated being negative. */
  loadW: number
  /** Its part of what the site imports, W: channels that another one has counted already are left out. */
  countedW: number
  /**
   * What it carries besides charge points, W: its channels of buildings and tenants, or what an incomer leaves of its own (`incomerRestW`).
   * `null`: neither is measured. Solar panels are left out, since they may stop at any time.
   */
  otherW: number | null
  /** What its channels measure. */
  uses: Channel['use'][]
  /** When the oldest of its channels was measured, epoch ms. */
  atMs: number
  /** Computed from currents. */
  isDerived: boolean
}

/** What is known of a depot's cables besides what its clamps read. */
export interface CableFacts {
  /** The supply that a cable is on; `null`: it is not known. */
  mpanOf(feeder: number): string | null
  /** What the charge points on some cables drew at an instant by their own meters, W; `null`: that is not known. */
  chargePointsW(isOn: (place: { feeder: number; mpan: string | null }) => boolean, atMs: number): number | null
}

type Read = Pick<Channel, 'feeder' | 'sign' | 'use'> & Pick<ChannelReading, 'atMs' | 'powerW' | 'isDerived'>

/** The newest reading of each channel as loads by feeder, in order. A feeder with a channel that was never heard has no load. */
export function loadsByFeeder(
  channels: readonly Channel[],
  newest: ReadonlyMap<string, ChannelReading>,
  facts: CableFacts,
): FeederLoad[] {
  const read = (all: readonly Channel[]): Read[] =>
    all.flatMap(({ channel, feeder, sign, use }) => {
      const reading = newest.get(channel)
      return reading ? [{ ...reading, feeder, sign, use }] : []
    })
  const byFeeder = Map.groupBy(channels, ({ feeder }) => feeder)
  const loads = [...byFeeder].flatMap(([feeder, its]) => {
    const readings = read(its)
    if (readings.length < its.length) return []
    const mpan = facts.mpanOf(feeder)
    const ofSupply = channels.filter((each) => facts.mpanOf(each.feeder) === mpan)
    const restW = its.some(({ use }) => use === 'incomer') ? incomerRestW(mpan, ofSupply, read(ofSupply), facts) : 0
    const others = readings.filter(({ use }) => use === 'building' || use === 'tenant')
    const isKnown = restW !== null && (others.length > 0 || its.some(({ use }) => use === 'incomer'))
    return [
      {
        feeder,
        mpan,
        loadW: readings.reduce((sum, { powerW, sign }) => sum + (sign < 0 ? -powerW : powerW), 0),
        countedW: readings.reduce((sum, { powerW, sign }) => sum + sign * powerW, 0),
        otherW: isKnown ? others.reduce((sum, { powerW }) => sum + Math.max(0, powerW), restW) : null,
        uses: [...new Set(its.map(({ use }) => use))],
        atMs: Math.min(...readings.map(({ atMs }) => atMs)),
        isDerived: readings.some(({ isDerived }) => isDerived),
      },
    ]
  })
  return loads.sort((a, b) => a.feeder - b.feeder)
}

/**
 * What the incomer of a supply carries that no other clamp and no charge point accounts for, W: its power, less what clamps behind it measure
 * (those whose sign is 0), and less what charge points draw on cables without a clamp of their own. What panels behind it give is added:
 * the incomer does not see the load that they carry.
 * @param channels of the supply, and what they read last.
 * @returns `null`: one of them was not heard, the charge points' power is not known, or there is another incomer to share it with.
 */
function incomerRestW(
  mpan: string | null,
  channels: readonly Channel[],
  readings: readonly Read[],
  { mpanOf, chargePointsW }: CableFacts,
): number | null {
  const incomers = readings.filter(({ use }) => use === 'incomer')
  const [incomer] = incomers
  if (!incomer || incomers.length > 1 || readings.length < channels.length) return null
  const behind = readings.filter(({ sign, use }) => sign === 0 && use !== 'incomer')
  const clampedW = behind.reduce((sum, { powerW, use }) => sum + (use === 'solar' ? -powerW : powerW), 0)
  const clamped = new Set(behind.flatMap(({ feeder, use }) => (use === 'ev' ? [feeder] : [])))
  const vehiclesW = chargePointsW(
    (place) => (place.mpan ?? mpanOf(place.feeder)) === mpan && !clamped.has(place.feeder),
    incomer.atMs,
  )
  return vehiclesW === null ? null : Math.max(0, incomer.powerW - clampedW - vehiclesW)
}

/** A load older than this is not relied on (domain section 10: red at 10 minutes), ms. */
export const staleLoadMs = 10 * 60_000
/** Factor above what was last measured that is assumed of a load that is not known any more. */
const staleMargin = 1.2

/** What besides charge points takes of a cable or a supply, W, and what that rests on. */
export interface OtherLoad {
  otherLoadW: number
  basis: 'measured' | 'stale' | 'register'
}

/**
 * The load besides charge points of some cables together: as measured; where one of them was measured too long ago a fifth more, and no less
 * than the register says; where none is measured as the register says.
 * @param loads of the cables.
 * @param registeredW what the register says of them together.
 * @param nowMs `null`: as if all was measured too long ago.
 */
export function otherLoadOf(
  loads: readonly Pick<FeederLoad, 'otherW' | 'atMs'>[],
  registeredW: number,
  nowMs: number | null,
): OtherLoad {
  const measured = loads.flatMap(({ otherW, atMs }) => (otherW === null ? [] : [{ otherW, atMs }]))
  if (measured.length === 0) return { otherLoadW: registeredW, basis: 'register' }
  const sumW = measured.reduce((sum, { otherW }) => sum + otherW, 0)
  const isFresh = nowMs !== null && measured.every(({ atMs }) => nowMs - atMs <= staleLoadMs)
  if (isFresh) return { otherLoadW: sumW, basis: 'measured' }
  return { otherLoadW: Math.max(registeredW, sumW * staleMargin), basis: 'stale' }
}
