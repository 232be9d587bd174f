import type { StatementLine } from '../../../../schemas/settlement/statements.ts'
import type { InForce } from '../../../dispatch/index.ts'
import { type MeteredSeries, quarterMs } from '../../baselines/index.ts'

type MeterFlag = Extract<
  StatementLine['flags'][number],
  'sender-estimate' | 'incomplete-meter-data' | 'meter-dropout' | 'apportioned-meter-data'
>

const none: readonly MeterFlag[] = []

/**
 * What a line says of its meter data, where something was instructed. Half of a half-hour is flagged only if the other half was under
 * another instruction, so that the halves may differ.
 * @param q start of the quarter-hour, epoch ms.
 */
export function meterFlags(metered: MeteredSeries, q: number, force: InForce | undefined): readonly MeterFlag[] {
  const [marks, own] = [metered.marks(q), force?.get(q)?.instructedWh]
  if (marks.length === 0 || !own) return none
  const halfHour = 2 * quarterMs
  const other = q % halfHour === 0 ? q + quarterMs : q - quarterMs
  return marks.flatMap((mark): MeterFlag[] => {
    if (mark === 'estimated') return ['sender-estimate']
    if (mark === 'incomplete') return ['incomplete-meter-data']
    if (mark === 'dropout') return ['meter-dropout']
    return (force?.get(other)?.instructedWh ?? 0) === own ? [] : ['apportioned-meter-data']
  })
}
