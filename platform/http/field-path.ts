/** `['intervals', 0, 'turnDownW']` as `intervals[0].turnDownW`. */
export function fieldPath(path: readonly PropertyKey[]): string {
  const text = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('')
  return text.replace(/^\./, '') || '(body)'
}
