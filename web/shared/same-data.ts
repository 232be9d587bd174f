import { hashKey } from '@tanstack/react-query'

/** Whether two pieces of plain data say the same, in whatever order a server or a form names their members. */
export function isSameData(one: unknown, other: unknown): boolean {
  return hashKey([one]) === hashKey([other])
}
