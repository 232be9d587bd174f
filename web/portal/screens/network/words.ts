import type { NetworkNode } from '../../../../schemas/grid/connections.ts'

export const nodeKindWords: Record<NetworkNode['kind'], string> = {
  gsp: 'Grid supply point',
  bsp: 'Bulk supply point',
  primary: 'Primary substation',
  secondary: 'Secondary substation',
  feeder: 'Feeder',
}
