/**
 * The least of some causes with which something still fails: halves are left out first, then ever smaller parts, then each by itself (delta
 * debugging). Nothing of what is returned can be left out.
 * @param fails whether it fails with these alone; it does with all of `causes`.
 */
export async function shrink<T>(causes: readonly T[], fails: (some: readonly T[]) => Promise<boolean>): Promise<T[]> {
  let least = [...causes]
  let parts = 2
  while (least.length > 0 && parts <= Math.max(2, least.length)) {
    const size = Math.ceil(least.length / parts)
    let isLess = false
    for (let from = 0; from < least.length && !isLess; from += size) {
      const rest = [...least.slice(0, from), ...least.slice(from + size)]
      if (!(await fails(rest))) continue
      least = rest
      isLess = true
    }
    if (isLess) parts = Math.max(2, parts - 1)
    else if (size === 1) break
    else parts = Math.min(least.length, parts * 2)
  }
  return least
}
