import type { Instant } from '@js-joda/core'
import { and, asc, desc, eq, inArray, lte } from 'drizzle-orm'
import type { Queryable } from '../../platform/db/index.ts'
import type { Setting, SettingValue } from '../../schemas/vocabulary/setting.ts'
import { settingVersion } from './tables.ts'

/** The figures of a setting at an instant, with their version: what a result that is kept records. */
export interface InForce<Values> {
  version: number
  values: Values
  changedAt: Instant | null
  proposedBy: string | null
  changedBy: string | null
}

/**
 * The figures of a setting that were in force at an instant: the latest version by then, or the defaults. A value that a stored version
 * does not have, because it was added since, has its default.
 */
export async function settingAt<Values extends Record<string, SettingValue>>(
  tx: Queryable,
  stated: Setting<Values>,
  at: Instant,
): Promise<InForce<Values>> {
  const [row] = await latestVersions(tx, [stated.id], at)
  if (!row) return { version: 0, values: stated.defaults, changedAt: null, proposedBy: null, changedBy: null }
  const { version, changedAt, proposedBy, changedBy } = row
  return { version, values: valuesOf(stated, row.values), changedAt, proposedBy, changedBy }
}

/** The figures alone. */
export async function figuresAt<Values extends Record<string, SettingValue>>(
  tx: Queryable,
  stated: Setting<Values>,
  at: Instant,
): Promise<Values> {
  return (await settingAt(tx, stated, at)).values
}

/** The figures of several settings of one form, in one query. @returns those of each setting given. */
export async function figuresOfEach<Values extends Record<string, SettingValue>>(
  tx: Queryable,
  stated: readonly Setting<Values>[],
  at: Instant,
): Promise<(of: Setting<Values>) => Values> {
  const ids = stated.map(({ id }) => id)
  const rows = new Map((await latestVersions(tx, ids, at)).map((row) => [row.settingId, row]))
  return (of) => {
    const row = rows.get(of.id)
    return row ? valuesOf(of, row.values) : of.defaults
  }
}

/** The latest version by an instant of each setting that has one. */
async function latestVersions(tx: Queryable, ids: readonly string[], at: Instant) {
  if (ids.length === 0) return []
  return tx
    .selectDistinctOn([settingVersion.settingId])
    .from(settingVersion)
    .where(and(inArray(settingVersion.settingId, [...ids]), lte(settingVersion.changedAt, at)))
    .orderBy(asc(settingVersion.settingId), desc(settingVersion.version))
}

/** The figures of a setting at any instant up to one, in one query: what a list of past results is judged by. */
export async function figuresOver<Values extends Record<string, SettingValue>>(
  tx: Queryable,
  stated: Setting<Values>,
  until: Instant,
): Promise<(at: Instant) => Values> {
  const rows = await tx
    .select()
    .from(settingVersion)
    .where(and(eq(settingVersion.settingId, stated.id), lte(settingVersion.changedAt, until)))
    .orderBy(desc(settingVersion.version))
  const versions = rows.map(({ changedAt, values }) => ({ changedAt, values: valuesOf(stated, values) }))
  return (at) => versions.find(({ changedAt }) => !changedAt.isAfter(at))?.values ?? stated.defaults
}

/** Stored figures as the setting has them today: those that it no longer has are left out. */
function valuesOf<Values extends Record<string, SettingValue>>(
  stated: Setting<Values>,
  stored: Record<string, SettingValue>,
): Values {
  const kept = Object.entries(stored).filter(([name]) => name in stated.defaults)
  const checked = stated.check({ ...stated.defaults, ...Object.fromEntries(kept) })
  if (!checked.success)
    throw new Error(`the stored figures of ${stated.id} are outside its bounds`, { cause: checked.error })
  return checked.data
}
