import { z } from 'zod'

/** One field of a request that breaks its contract: where (a JSON path such as `intervals[0].turnDownW`) and why. */
export const fieldError = z.object({ field: z.string(), message: z.string() })

/** An RFC 9457 problem document. `type` is a stable URI by which a program tells problems apart. */
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string().optional(),
    instance: z.string().optional(),
    errors: z.array(fieldError).optional(),
  })
  .meta({ id: 'Problem' })
export type Problem = z.infer<typeof problem>
export type FieldError = z.infer<typeof fieldError>
