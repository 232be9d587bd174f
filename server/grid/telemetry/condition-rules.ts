import type { HubConditionKind } from '../../../schemas/grid/telemetry.ts'
import type { hubConditionSettings } from '../../../schemas/settings/telemetry.ts'
import type { ValuesOf } from '../../../schemas/vocabulary/setting.ts'
import type { NewestPoint } from './rules.ts'

export type ConditionFigures = ValuesOf<typeof hubConditionSettings>

/** A condition of a hub: what is wrong at which of its points, with the value that showed it. */
export interface HubCondition {
  kind: HubConditionKind
  feeder: number
  phase: NewestPoint['phase']
  value: number
}

/** Which condition a point and value show; `null` if all is well, or nothing can be said of such a point. */
function conditionOf({ quantity }: NewestPoint, value: number, figures: ConditionFigures): HubConditionKind | null {
  const { nominalV, overVoltageShare, underVoltageShare, phaseLossShare } = figures
  switch (quantity) {
    case 'voltage':
      if (value < phaseLossShare * nominalV) return 'phase-loss'
      if (value < (1 - underVoltageShare) * nominalV) return 'under-voltage'
      return value > (1 + overVoltageShare) * nominalV ? 'over-voltage' : null
    case 'temperature':
      return value > figures.highTemperatureC ? 'hub-hot' : null
    case 'status':
      return value === figures.healthyStatus ? null : 'hub-fault'
    default:
      return null
  }
}

const keyOf = (at: Pick<HubCondition, 'feeder' | 'phase'>, quantity: string) => `${at.feeder} ${at.phase} ${quantity}`

const quantityOf: Record<HubConditionKind, NewestPoint['quantity']> = {
  'phase-loss': 'voltage',
  'under-voltage': 'voltage',
  'over-voltage': 'voltage',
  'hub-hot': 'temperature',
  'hub-fault': 'status',
}

/**
 * The conditions of a hub by its newest points. A value that is null or bad says nothing: what was known of its point stays.
 * @param before the conditions known so far.
 */
export function conditionsOf(
  points: readonly NewestPoint[],
  before: readonly HubCondition[],
  figures: ConditionFigures,
): HubCondition[] {
  const known = new Map(before.map((condition) => [keyOf(condition, quantityOf[condition.kind]), condition]))
  return points.flatMap((point) => {
    const { feeder, phase, value, quality } = point
    const last = before.length > 0 ? known.get(keyOf(point, point.quantity)) : undefined
    if (value === null || quality === 'bad') return last ? [last] : []
    const kind = conditionOf(point, value, figures)
    if (kind === null) return []
    return last?.kind === kind ? [last] : [{ kind, feeder, phase, value }]
  })
}

/** Conditions as text, empty for none: `|` between them, spaces between their fields. */
export function encodeConditions(conditions: readonly HubCondition[]): string {
  return conditions.map(({ kind, feeder, phase, value }) => `${kind} ${feeder} ${phase} ${value}`).join('|')
}

/** Reads the output of `encodeConditions`. */
export function decodeConditions(text: string): HubCondition[] {
  if (text === '') return []
  return text.split('|').map((part) => {
    const [kind, feeder, phase, value] = part.split(' ')
    return { kind, phase, feeder: Number(feeder), value: Number(value) } as HubCondition
  })
}
