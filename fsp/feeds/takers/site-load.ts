import type { FormatOf } from '../../../schemas/fsp/feeds/formats.ts'
import type { SiteLoads } from '../../depots/index.ts'
import type { ChannelReading, FeederLoads } from '../../feeders/index.ts'
import { derivedPowerW } from '../../feeders/index.ts'
import { RecordReader } from '../reader.ts'
import type { FeedRecord } from '../records.ts'
import { Collector, isAhead, type Taker } from './taker.ts'

/** What site load goes to. */
export interface SiteLoadParts {
  feederLoads: FeederLoads
  siteLoads: SiteLoads
  /** Called for a depot whose site load is newer. */
  onSiteLoad(depotId: string): void
}

type Format = FormatOf<'site-load'>
type Channel = Format['channels'][number]

const minuteMs = 60_000
/** No cable of a depot carries more, A, nor W. */
const mostA = 10_000
const mostW = 50_000_000

/** J1–J5: readings of clamps and meters, each minute the load of a cable; whole minutes of a site are its site load. */
export function siteLoadTaker({ feederLoads, siteLoads, onSiteLoad }: SiteLoadParts): Taker<Format> {
  return async (tx, { format }, records, receivedAt) => {
    const channels = new Map(format.channels.map((channel) => [channel.channel, channel]))
    const collector = new Collector()
    const byDepot = new Map<string, ChannelReading[]>()
    for (const record of records) {
      const read = readingOf(record, format, channels, collector)
      if (!read) continue
      const { depotId, ...reading } = read
      if (isAhead(reading.atMs, receivedAt)) {
        collector.refused(record, 'its time is ahead of ours')
        continue
      }
      collector.take(record, read.passedOver)
      byDepot.set(depotId, [...(byDepot.get(depotId) ?? []), plain(reading)])
    }
    const notes: (() => void)[] = []
    for (const [depotId, readings] of byDepot) {
      const minutes = await feederLoads.take(tx, depotId, readings, receivedAt)
      await siteLoads.store(tx, depotId, minutes)
      notes.push(() => {
        feederLoads.note(depotId, readings)
        siteLoads.note(depotId, minutes)
        if (minutes.length > 0) onSiteLoad(depotId)
      })
    }
    return collector.taken(async () => {
      for (const note of notes) note()
    })
  }
}

type Read = ChannelReading & { depotId: string; passedOver: string[] }

/** `null`: it is no reading, or an empty one, which is filled in later. */
function readingOf(
  record: FeedRecord,
  format: Format,
  channels: ReadonlyMap<string, Channel>,
  collector: Collector,
): Read | null {
  const reader = new RecordReader(record.value)
  const name = reader.text(format.channel)
  const atMs = reader.instantMs(format.at, format.zone)
  const field = format.currentA ?? format.powerW ?? ''
  const figure = reader.number(field)
  if (name === null || atMs === null || figure === null) {
    collector.drifted(record, reader.drifts)
    return null
  }
  const channel = channels.get(name)
  if (!channel) {
    collector.unknown(record, `${name} is no channel of this feed: add it, with its depot and feeder`)
    return null
  }
  // Suppliers send the minute of a clamp that did not answer without its figure, and fill it in after the day.
  if (figure === undefined) return null
  const value = figure * channel.factor
  const isCurrent = format.currentA !== undefined
  if (Math.abs(value) > (isCurrent ? mostA : mostW) || (isCurrent && value < 0)) {
    collector.refused(record, `${field}: ${value} ${isCurrent ? 'A' : 'W'} is more than any cable carries, or negative`)
    return null
  }
  return {
    depotId: channel.depotId,
    channel: name,
    atMs: Math.floor(atMs / minuteMs) * minuteMs,
    currentA: isCurrent ? value : null,
    powerW: isCurrent ? derivedPowerW(value, channel) : value,
    isDerived: isCurrent,
    passedOver: reader.passedOver,
  }
}

function plain({ channel, atMs, currentA, powerW, isDerived }: Omit<Read, 'depotId'>): ChannelReading {
  return { channel, atMs, currentA, powerW, isDerived }
}
