import type { ConnectorState } from './connector-state.ts'
import type { Link } from './link.ts'

/** The steps of an update, one a minute; the unit restarts between the last two (OCPP 1.6, section 4.5). */
const steps = ['Downloading', 'Downloaded', 'Installing', 'Installed'] as const

/** An update of firmware under way. */
export interface FirmwareUpdate {
  version: string
  fromMs: number
  step: number
}

/** What an update needs of its unit. */
interface UpdatedUnit {
  update: FirmwareUpdate | null
  readonly link: Pick<Link, 'ready' | 'flush' | 'hangUp'>
  readonly states: readonly ConnectorState[]
  say(action: string, params: object): void
  stop(state: ConnectorState, reason: 'Reboot', atMs: number): void
  runFirmware(version: string, atMs: number): void
}

/** The version that a firmware file is named for: `https://192.0.2.1/files/eve-4.2.bin` is `eve-4.2`. */
export function versionIn(location: string): string {
  const name = location.split(/[/\\]/).at(-1) ?? location
  return decodeURIComponent(name).replace(/\.[a-z]{2,4}$/i, '') || 'unnamed'
}

/** Takes the next step of a unit's update, if one is due. The last but one ends its charges, as most units do, and restarts it. */
export async function proceedWithUpdate(unit: UpdatedUnit, atMs: number): Promise<void> {
  const { update } = unit
  const status = update && atMs >= update.fromMs ? steps[update.step] : undefined
  if (!update || !status) return
  if (!unit.link.ready) return
  update.step++
  if (status === 'Installed') unit.update = null
  unit.say('FirmwareStatusNotification', { status })
  await unit.link.flush()
  if (status !== 'Installing') return
  for (const state of unit.states) unit.stop(state, 'Reboot', atMs)
  await unit.link.flush()
  unit.runFirmware(update.version, atMs)
  await unit.link.hangUp()
}
