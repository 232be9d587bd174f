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
  /** What its channels measure. */
  uses: Channel['use'][]
  /** When the oldest of its channels was measured, epoch ms. */
  atMs: number
  /** Computed from currents. */
  isDerived: boolean
}

/** The newest reading of each channel as loads by feeder, in order. A feeder with a channel that was never heard has no load. */
export function loadsByFeeder(
  channels: readonly Channel[],
  newest: ReadonlyMap<string, ChannelReading>,
  mpanOf: (feeder: number) => string | null,
): FeederLoad[] {
  const byFeeder = Map.groupBy(channels, ({ feeder }) => feeder)
  const loads = [...byFeeder].flatMap(([feeder, its]) => {
    const readings = its.flatMap(({ channel, sign }) => {
      const reading = newest.get(channel)
      return reading ? [{ ...reading, sign }] : []
    })
    if (readings.length < its.length) return []
    return [
      {
        feeder,
        mpan: mpanOf(feeder),
        loadW: readings.reduce((sum, { powerW, sign }) => sum + (sign < 0 ? -powerW : powerW), 0),
        countedW: readings.reduce((sum, { powerW, sign }) => sum + sign * powerW, 0),
        uses: [...new Set(its.map(({ use }) => use))],
        atMs: Math.min(...readings.map(({ atMs }) => atMs)),
        isDerived: readings.some(({ isDerived }) => isDerived),
      },
    ]
  })
  return loads.sort((a, b) => a.feeder - b.feeder)
}
