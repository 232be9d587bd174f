import { desc, eq } from 'drizzle-orm'
import { settingOperations } from '../../../schemas/access/settings.ts'
import { allSettings } from '../../../schemas/settings/index.ts'
import { bind, proposed, settingVersion } from '../../kit/index.ts'
import { changeSetting } from './change-setting.ts'
import { requireSetting, viewSetting, viewVersion } from './find.ts'

/** The figures of the rules that a DNO may change. */
export const settings = bind(settingOperations, {
  changeSetting: proposed(changeSetting),

  async listSettings({ db, at }) {
    const items = await Promise.all(allSettings.map((stated) => viewSetting(db, stated, at)))
    return { items, nextCursor: null }
  },

  readSetting: ({ db, at, params }) => viewSetting(db, requireSetting(params.settingId), at),

  async listSettingVersions({ db, params }) {
    const { id, defaults } = requireSetting(params.settingId)
    const rows = await db
      .select()
      .from(settingVersion)
      .where(eq(settingVersion.settingId, id))
      .orderBy(desc(settingVersion.version))
    const first = { version: 0, values: defaults, changedAt: null, proposedBy: null, changedBy: null }
    return { items: [...rows, first].map(viewVersion), nextCursor: null }
  },
})
