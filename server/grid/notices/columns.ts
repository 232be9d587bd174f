import { outboundUrlFault, problemOf } from '../../../platform/http/index.ts'
import type { AlarmTargetForm } from '../../../schemas/grid/alarms.ts'
import { brokenField } from '../../../schemas/vocabulary/outcome.ts'
import { arePrivateAddressesAllowed, type ServerContext } from '../../kit/index.ts'
import { type alarmTarget, sealedTargetKeys } from './tables.ts'

type TargetColumns = Omit<typeof alarmTarget.$inferInsert, 'targetId'>

/**
 * The columns of a target, its key sealed; without a key in the form, that column is left out. Refuses a webhook inside the DNO's own
 * network (FM41).
 */
export function columnsOf(context: ServerContext, targetId: string, { key, ...rest }: AlarmTargetForm): TargetColumns {
  const fault = rest.kind === 'webhook' ? outboundUrlFault(rest.address, arePrivateAddressesAllowed(context)) : null
  if (fault) throw problemOf(brokenField('address', fault))
  return key === undefined ? rest : { ...rest, sealedKey: context.secrets.seal(key, sealedTargetKeys.use(targetId)) }
}

/** The part of a form that goes into the audit trail: everything except the key. */
export function auditedOf({ key: _, ...rest }: AlarmTargetForm): Record<string, unknown> {
  return rest
}
