import type { AlarmTargetForm } from '../../../schemas/grid/alarms.ts'
import { requireOutside, type ServerContext } from '../../kit/index.ts'
import { type alarmTarget, sealedTargetKeys } from './tables.ts'

type TargetColumns = Omit<typeof alarmTarget.$inferInsert, 'targetId'>

/**
 * The columns of a target, its key sealed; without a key in the form, that column is left out. Refuses a webhook inside the DNO's own
 * network (FM41).
 */
export function columnsOf(context: ServerContext, targetId: string, { key, ...rest }: AlarmTargetForm): TargetColumns {
  requireOutside(context, rest)
  return key === undefined ? rest : { ...rest, sealedKey: context.secrets.seal(key, sealedTargetKeys.use(targetId)) }
}

/** The part of a form that goes into the audit trail: everything except the key. */
export function auditedOf({ key: _, ...rest }: AlarmTargetForm): Record<string, unknown> {
  return rest
}
