import { requirementOperations } from '../../../schemas/market/requirements.ts'
import { bind } from '../../kit/index.ts'
import { suggestRequirement } from './suggest-requirement.ts'

/** What tenders could ask for. */
export const requirements = bind(requirementOperations, { suggestRequirement })
