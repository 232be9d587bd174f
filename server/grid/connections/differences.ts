import type { FieldError } from '../../../schemas/vocabulary/problem.ts'

/** Every field in which two values differ, as a JSON path, with both values. */
export function differences(now: unknown, sent: unknown, path = ''): { field: string; now: unknown; sent: unknown }[] {
  if (isTree(now) && isTree(sent)) {
    const keys = new Set([...Object.keys(now), ...Object.keys(sent)])
    return [...keys].flatMap((key) => {
      const step = Array.isArray(now) || Array.isArray(sent) ? `[${key}]` : path === '' ? key : `.${key}`
      return differences(Reflect.get(now, key), Reflect.get(sent, key), path + step)
    })
  }
  return now === sent ? [] : [{ field: path, now, sent }]
}

function isTree(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/** The errors for an editor whose change came second: each field that differs, as it is now and as it was sent (FM15). */
export function differingFields(now: unknown, sent: unknown): FieldError[] {
  return differences(now, sent).map((d) => ({
    field: d.field,
    message: `is now ${shown(d.now)}; you sent ${shown(d.sent)}`,
  }))
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value)
}
