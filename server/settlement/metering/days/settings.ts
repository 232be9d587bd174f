import { type MeteringSettings, meteringSettings } from '../../../../schemas/settlement/metering.ts'
import type { ServerContext } from '../../../kit/index.ts'

/** How this server assesses meter data: as configured, otherwise by default. */
export function settingsOf(context: Pick<ServerContext, 'metering'>): MeteringSettings {
  return meteringSettings.parse(context.metering ?? {})
}
