import { type MeteringSettings, meteringSettings } from '../../../schemas/settlement/metering.ts'
import type { ServerContext } from '../../kit/index.ts'

/** How this server judges meter data: as it was told, else by the defaults. */
export function settingsOf(context: Pick<ServerContext, 'metering'>): MeteringSettings {
  return meteringSettings.parse(context.metering ?? {})
}
