import { type MeteringSettings, meteringSettings } from '../../../schemas/metering.ts'
import type { ServerContext } from '../../access/index.ts'

/** How this server judges meter data: as it was told, else by the defaults. */
export function settingsOf(context: Pick<ServerContext, 'metering'>): MeteringSettings {
  return meteringSettings.parse(context.metering ?? {})
}
