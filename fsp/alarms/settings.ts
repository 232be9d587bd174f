import type { Database, Queryable } from '../../platform/db/index.ts'
import type { DepotAlarmKind, DepotAlarmSettingForm } from '../../schemas/fsp/alarms.ts'
import { depotAlarmKind } from '../../schemas/fsp/alarms.ts'
import { alarmKinds } from './kinds.ts'
import { depotAlarmSetting } from './tables.ts'

const keyOf = (depotId: string | null, kind: DepotAlarmKind) => `${kind} ${depotId ?? ''}`

/** How depots watch kinds of alarms: as each has set it, else as the trial did. */
export class AlarmSettings {
  readonly #db: Database
  readonly #own = new Map<string, DepotAlarmSettingForm>()

  constructor({ db }: { db: Database }) {
    this.#db = db
  }

  async load(): Promise<void> {
    for (const { depotId, kind, setting } of await this.#db.select().from(depotAlarmSetting))
      this.#own.set(keyOf(depotId, kind), setting)
  }

  /** @param depotId `null`: of several depots, for which the defaults hold. */
  of(depotId: string | null, kind: DepotAlarmKind): DepotAlarmSettingForm {
    return this.#own.get(keyOf(depotId, kind)) ?? { ...alarmKinds[kind].setting, responsible: null }
  }

  list(depotId: string) {
    return depotAlarmKind.options.map((kind) => this.view(depotId, kind))
  }

  view(depotId: string, kind: DepotAlarmKind) {
    return { kind, ...this.of(depotId, kind), isOwn: this.#own.has(keyOf(depotId, kind)) }
  }

  async set(
    depotId: string,
    kind: DepotAlarmKind,
    setting: DepotAlarmSettingForm,
    note: (tx: Queryable) => Promise<void>,
  ): Promise<void> {
    await this.#db.transaction(async (tx) => {
      await tx
        .insert(depotAlarmSetting)
        .values({ depotId, kind, setting })
        .onConflictDoUpdate({ target: [depotAlarmSetting.depotId, depotAlarmSetting.kind], set: { setting } })
      await note(tx)
    })
    this.#own.set(keyOf(depotId, kind), setting)
  }
}
