import { z } from 'zod'

/** A page of a longer list: repeat with `?cursor=` until `nextCursor` is `null`. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() })
}

/** A page as seen by a caller that joins pages. */
export interface Page<T> {
  items: T[]
  nextCursor: string | null
}

/** The query of a paged list. @param usual how many items a page has if the caller does not state it. */
export function pageQuery(usual = 500) {
  return z.object({
    cursor: z.string().max(400).optional(),
    limit: z.coerce.number().int().min(1).max(1_000).default(usual),
  })
}

/** The query of a list whose cursor is a row's number. */
export const numberedPages = pageQuery(100).extend({
  cursor: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional(),
})
