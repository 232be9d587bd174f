import type { Instant } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { SettingInForce } from '../../../schemas/access/settings.ts'
import { allSettings } from '../../../schemas/settings/index.ts'
import type { Setting, SettingValue } from '../../../schemas/vocabulary/setting.ts'
import { type InForce, settingAt } from '../../kit/index.ts'

export function requireSetting(settingId: string): Setting {
  const found = allSettings.find(({ id }) => id === settingId)
  if (found) return found
  const known = allSettings.map(({ id }) => id).join(', ')
  throw new ProblemError('not-found', `There is no setting ${settingId}; there are ${known}.`)
}

/** A version as the API shows it. */
export function viewVersion({
  version,
  values,
  changedAt,
  proposedBy,
  changedBy,
}: InForce<Record<string, SettingValue>>) {
  return { version, values: shown(values), changedAt: changedAt?.toString() ?? null, proposedBy, changedBy }
}

/** A setting as it is in force at an instant. */
export async function viewSetting(db: Queryable, stated: Setting, at: Instant): Promise<SettingInForce> {
  const { id: settingId, title, description, source, defaults } = stated
  const version = viewVersion(await settingAt(db, stated, at))
  return { settingId, title, description, source, defaults: shown(defaults), ...version }
}

function shown(values: Record<string, SettingValue>): SettingInForce['values'] {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, typeof value === 'object' ? [...value] : value]),
  )
}
