import { areaOperations } from '../../../schemas/grid/areas.ts'
import { bind } from '../../kit/index.ts'
import { removeLicenceArea, saveLicenceArea } from './save-area.ts'
import { removeDnoGroup, saveDnoGroup } from './save-group.ts'
import { groupsWithAreas, readArea, readGroup } from './store.ts'

export { areaCodes, countryOf, requireArea, unknownArea } from './store.ts'

/** DNO groups and their licence areas. */
export const areas = bind(areaOperations, {
  listAreas: ({ db }) => groupsWithAreas(db),
  readDnoGroup: ({ db, params }) => readGroup(db, params.code),
  saveDnoGroup,
  removeDnoGroup,
  readLicenceArea: ({ db, params }) => readArea(db, params.code),
  saveLicenceArea,
  removeLicenceArea,
})
