import { and, desc, eq, inArray, lt } from 'drizzle-orm'
import type { FspContext } from '../app/context.ts'
import { isClockOff } from './clock-watch.ts'
import type { CommandAnswer, UnitCommand } from './port.ts'
import { chargePoint, meterIntervalCheck, unitCommand, upkeepReport } from './tables.ts'
import type { Unit } from './units.ts'

const intervalKey = 'MeterValueSampleInterval'
type IntervalResult = typeof meterIntervalCheck.$inferSelect.result

/** The upkeep of charge points: commands of operators, firmware, metering interval, clock. */
export class Upkeep {
  readonly #context: FspContext
  readonly #agreedFirmware: (identity: string) => string | null

  /** @param agreedFirmware what the register agrees for a charge point. */
  constructor(context: FspContext, agreedFirmware: (identity: string) => string | null) {
    this.#context = context
    this.#agreedFirmware = agreedFirmware
  }

  /** Sends a command to a charge point that is connected, and records what it answered. */
  async command(
    unit: Unit & { link: NonNullable<Unit['link']> },
    command: UnitCommand,
    askedBy: string,
  ): Promise<CommandAnswer> {
    const { db, clock, log } = this.#context
    const sentAt = clock.now()
    const answer = await unit.link.command(command)
    const { outcome, status } = answer
    const { kind } = command
    log.info({ identity: unit.identity, kind, outcome, status }, 'command to a charge point')
    await db.insert(unitCommand).values({ identity: unit.identity, sentAt, kind, askedBy, outcome, status })
    return answer
  }

  /** What operators asked of a charge point, the newest first. @param before the number of the last one of the page before. */
  commands({ identity }: Unit, limit: number, before: number | null) {
    const { commandId } = unitCommand
    return this.#context.db
      .select()
      .from(unitCommand)
      .where(and(eq(unitCommand.identity, identity), before === null ? undefined : lt(commandId, before)))
      .orderBy(desc(commandId))
      .limit(limit)
  }

  /** Records a step of an update of firmware or of an upload of diagnostics. */
  async report({ identity }: Unit, kind: 'firmware' | 'diagnostics', status: string): Promise<void> {
    const { db, clock, log } = this.#context
    if (/fail|invalid/i.test(status))
      log.warn({ identity, kind, status }, 'charge point reports a failure of its upkeep')
    await db.insert(upkeepReport).values({ identity, at: clock.now(), kind, status })
  }

  /** Sees to it that a unit reads its meters as often as its model states. What it confirms is read back: some accept and keep the old. */
  async checkMeterInterval(unit: Unit): Promise<void> {
    const wantedS = unit.model.reportingIntervalS
    if (!unit.link) return
    const { db, clock, log } = this.#context
    const result = await intervalSet(unit.link, wantedS)
    const row = { wantedS, result, checkedAt: clock.now() }
    if (result !== 'as-wanted' && result !== 'set')
      log.warn({ identity: unit.identity, wantedS, result }, 'charge point does not meter as often as agreed')
    await db
      .insert(meterIntervalCheck)
      .values({ identity: unit.identity, ...row })
      .onConflictDoUpdate({ target: meterIntervalCheck.identity, set: row })
  }

  /** The state of the upkeep of units, in their order. */
  async overview(units: readonly Unit[]) {
    const identities = units.map(({ identity }) => identity)
    const { db, clock } = this.#context
    const booted = await db.select().from(chargePoint).where(inArray(chargePoint.identity, identities))
    const checks = await db.select().from(meterIntervalCheck).where(inArray(meterIntervalCheck.identity, identities))
    const reports = await db
      .selectDistinctOn([upkeepReport.identity, upkeepReport.kind])
      .from(upkeepReport)
      .where(inArray(upkeepReport.identity, identities))
      .orderBy(upkeepReport.identity, upkeepReport.kind, desc(upkeepReport.reportId))
    return units.map((unit) => {
      const { identity, model } = unit
      const own = <T extends { identity: string }>(rows: readonly T[]) =>
        rows.filter((row) => row.identity === identity)
      const [[boot], [check]] = [own(booted), own(checks)]
      const clockAheadS = unit.clock.aheadS(clock.now())
      const last = (kind: string) => own(reports).find((row) => row.kind === kind)
      const [firmware, agreedFirmware] = [boot?.firmware ?? null, this.#agreedFirmware(identity)]
      return {
        identity,
        model: model.model,
        protocol: unit.link?.protocol ?? null,
        firmware,
        agreedFirmware,
        isDrifted: firmware !== null && agreedFirmware !== null && firmware !== agreedFirmware,
        bootedAt: boot?.bootedAt.toString() ?? null,
        firmwareStatus: last('firmware')?.status ?? null,
        firmwareStatusAt: last('firmware')?.at.toString() ?? null,
        diagnosticsStatus: last('diagnostics')?.status ?? null,
        diagnosticsStatusAt: last('diagnostics')?.at.toString() ?? null,
        meterInterval: check
          ? { wantedS: check.wantedS, result: check.result, checkedAt: check.checkedAt.toString() }
          : null,
        clockAheadS,
        isClockOff: isClockOff(clockAheadS),
      }
    })
  }
}

/** Reads a unit's metering interval, sets it if it differs, and reads it again. */
async function intervalSet(link: NonNullable<Unit['link']>, wantedS: number): Promise<IntervalResult> {
  const before = await readInterval(link)
  if (before.outcome !== 'answered') return before.outcome === 'no-answer' ? 'no-answer' : 'refused'
  if (before.seconds === wantedS) return 'as-wanted'
  const { outcome, status } = await link.command({ kind: 'write-setting', key: intervalKey, value: String(wantedS) })
  if (outcome === 'no-answer') return 'no-answer'
  if (status === 'RebootRequired') return 'reboot-required'
  if (status !== 'Accepted') return 'refused'
  const after = await readInterval(link)
  if (after.outcome === 'no-answer') return 'no-answer'
  return after.seconds === wantedS ? 'set' : 'not-kept'
}

async function readInterval(link: NonNullable<Unit['link']>) {
  const { outcome, settings } = await link.command({ kind: 'read-settings', keys: [intervalKey] })
  const value = settings?.find(({ key }) => key === intervalKey)?.value
  return { outcome, seconds: value === undefined || value === null ? null : Number(value) }
}
