import type { DailyReport } from '../../../schemas/settlement/daily-report.ts'
import { momentInWords } from '../../../schemas/vocabulary/time.ts'

const kwh = (energyWh: number) => `${(energyWh / 1_000).toFixed(1)} kWh`
const kw = (powerW: number) => `${(powerW / 1_000).toFixed(1)} kW`
const counted = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`
const listed = (names: readonly string[]) => (names.length === 0 ? '' : `: ${names.join(', ')}`)

/** The subject of a report's mail: what somebody has to look at, or that nothing asks for it. */
export function subjectOf({ day, alarms, breaches, dispatch }: DailyReport): string {
  const failed = dispatch.reduce((sum, { refused, unknown, missed }) => sum + refused + unknown + missed, 0)
  const parts = [
    alarms.unacknowledged.length > 0 && 'alarms wait',
    breaches.begun > 0 && counted(breaches.begun, 'breach', 'breaches'),
    failed > 0 && `${counted(failed, 'instruction', 'instructions')} failed`,
  ].filter((part) => part !== false)
  return `Ringmain, ${day}: ${parts.join(', ') || 'nothing asks for attention'}`
}

/** A report as plain text. */
export function reportInWords(report: DailyReport): string {
  const { day, at, feeds, hubs, alarms, breaches, dispatch, money, totalGbp } = report
  const sections: [string, string[]][] = [
    [
      'Feeds',
      [
        `${feeds.registered} registered, ${feeds.silent.length} silent for longer than agreed${listed(feeds.silent)}`,
        `${counted(feeds.refused, 'delivery or record', 'deliveries or records')} refused`,
      ],
    ],
    ['Hubs', [`${hubs.registered} registered, ${hubs.silent} silent${listed(hubs.silentNames)}`]],
    [
      'Alarms',
      [
        `${alarms.raised} raised, ${alarms.cleared} cleared`,
        `standing: ${Object.entries(alarms.standing)
          .map(([priority, n]) => `${n} ${priority}`)
          .join(', ')}`,
        ...alarms.unacknowledged.map(
          ({ raisedAt, message }) => `not acknowledged since ${momentInWords(raisedAt)}: ${message}`,
        ),
      ],
    ],
    [
      'Breaches',
      [
        `${breaches.begun} began`,
        ...breaches.worst.map((one) => `${one.name}: ${kw(one.peakExcessW)} over at most, ${kwh(one.excessWh)}`),
      ],
    ],
    [
      'Dispatch',
      dispatch.map(
        (one) =>
          `Product ${one.product}: ${one.due} due, ${one.issued} issued, ${one.acknowledged} acknowledged, ${one.refused} refused, ${one.unknown} without an answer, ${one.missed} missed, ${one.stopped} stopped`,
      ),
    ],
    [
      'Money, by what is known',
      [
        ...money.map(
          (one) =>
            `${one.fspName}, product ${one.product}: £${one.amountGbp} for ${kwh(one.deliveredWh)} of ${kwh(one.instructedWh)}`,
        ),
        `Together £${totalGbp}`,
      ],
    ],
  ]
  const body = sections.map(([title, lines]) => [title, ...lines.map((line) => `  ${line}`)].join('\n'))
  return [`${day}, as of ${at}`, ...body].join('\n\n')
}
