import { and, desc, eq } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { settingOperations } from '../../../schemas/access/settings.ts'
import type { Setting, SettingValue } from '../../../schemas/vocabulary/setting.ts'
import { nameOf, type ProposedAct, proposal, settingAt, settingVersion } from '../../kit/index.ts'
import { requireSetting } from './find.ts'

type Values = Record<string, SettingValue>

/** Changes the figures of a setting from the approval on. */
export const changeSetting: ProposedAct<typeof settingOperations.changeSetting, Values> = {
  async describe({ db, at, params, body }) {
    const stated = requireSetting(params.settingId)
    const before = (await settingAt(db, stated, at)).values
    return {
      subject: { type: 'setting', id: stated.id },
      title: `Change the figures of “${stated.title}”`,
      before,
      after: changed(stated, before, body),
    }
  },

  async carryOut({ db, at, actor, params, body, ...call }) {
    const stated = requireSetting(params.settingId)
    const before = await settingAt(db, stated, at)
    const values = changed(stated, before.values, body)
    await db.insert(settingVersion).values({
      settingId: stated.id,
      version: before.version + 1,
      values,
      changedAt: at,
      proposedBy: await proposerOf(db, stated.id),
      changedBy: nameOf(actor),
    })
    call.audit({
      action: 'setting.changed',
      subject: { type: 'setting', id: stated.id },
      detail: { before: before.values, after: values, version: before.version + 1 },
    })
    call.announce('settings')
    return values
  },
}

/** The figures with those that were given in their place; throws for a name or a value that the setting does not take. */
function changed(stated: Setting, before: Values, given: Values): Values {
  const checked = stated.check({ ...before, ...given })
  if (checked.success) return checked.data
  const known = Object.keys(stated.defaults).join(', ')
  const errors = checked.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((field) => ({ field, message: `is not a figure of ${stated.id}, which has ${known}` }))
      : [{ field: issue.path.join('.'), message: issue.message }],
  )
  throw new ProblemError(
    'contract-broken',
    `These figures are not within the bounds of ${stated.id}: nothing is changed.`,
    { errors },
  )
}

async function proposerOf(db: Queryable, settingId: string): Promise<string> {
  const [row] = await db
    .select({ by: proposal.proposedBy })
    .from(proposal)
    .where(and(eq(proposal.subjectType, 'setting'), eq(proposal.subjectId, settingId)))
    .orderBy(desc(proposal.proposedAt))
    .limit(1)
  if (!row) throw new Error(`the change of ${settingId} has no proposal`)
  return row.by
}
