import { z } from 'zod'
import { people } from '../vocabulary/access.ts'
import { example } from '../vocabulary/examples.ts'
import { operation } from '../vocabulary/operation.ts'
import { price } from '../vocabulary/units.ts'

/** What the DNO pays at most for the need of a node, and how much its shortfall counts. `null`: the setting `dispatch.node-terms` holds. */
export const nodeTermsForm = z
  .object({
    ceilingGbpPerMwh: price
      .nullable()
      .describe('The greatest price that is paid for its need, £/MWh. What only dearer FUs could meet stays unmet.'),
    shortfallWeight: z
      .number()
      .min(0.01)
      .max(100)
      .nullable()
      .describe('How much a W of its shortfall counts beside one of another node’s where not all can be met.'),
  })
  .meta({ id: 'NodeTermsForm', example: { ceilingGbpPerMwh: '600.00', shortfallWeight: 2 } })

export const nodeTerms = nodeTermsForm
  .extend({
    nodeId: z.string(),
    /** 0 before anything was stated. */
    revision: z.number().int().min(0),
    /** What the next run uses: what is stated, otherwise the setting. */
    inForce: z.object({
      /** `null`: any price. */
      ceilingGbpPerMwh: price.nullable(),
      shortfallWeight: z.number(),
    }),
  })
  .meta({ id: 'NodeTerms' })
export type NodeTerms = z.infer<typeof nodeTerms>

const params = z.object({ nodeId: z.string().max(200).meta({ example: example.nodeId }) })
const tags = ['Load']

/** Ceiling price and shortfall weight of network nodes. */
export const nodeTermsOperations = {
  readNodeTerms: operation({
    method: 'get',
    path: '/node-terms/{nodeId}',
    access: people(),
    tags,
    summary: 'What is paid at most for the need of a node, and how much its shortfall counts',
    params,
    answer: nodeTerms,
    problems: ['not-found'],
    versionedBy: 'revision',
  }),
  setNodeTerms: operation({
    method: 'put',
    path: '/node-terms/{nodeId}',
    access: people('planner', 'flexibility-engineer'),
    tags,
    summary: 'State what is paid at most for the need of a node, and how much its shortfall counts',
    description: 'Runs from now on keep to it; what an earlier run found does not change.',
    params,
    body: nodeTermsForm,
    answer: nodeTerms,
    problems: ['not-found'],
    versionedBy: 'revision',
  }),
}
