import { FunctionCode, parseFragment } from '../dnp3/index.ts'

/** All that a gateway does by default: read, and set the time (record and delay measurement are steps of that). */
export const readAndSetTime: readonly number[] = [
  FunctionCode.read,
  FunctionCode.write,
  FunctionCode.delayMeasure,
  FunctionCode.recordCurrentTime,
]

/** Objects that a gateway may write: the time (g50), and the restart indication, to clear it (g80). */
const writable: ReadonlySet<number> = new Set([50, 80])

/** Assesses a request by its function code, and a write by what it writes: the last check before the wire into a substation. */
export function permitter(functions: readonly number[]): (request: Uint8Array) => boolean {
  const allowed = new Set(functions)
  return (request) => {
    const code = request[1] ?? -1
    if (!allowed.has(code)) return false
    if (code !== FunctionCode.write) return true
    const fragment = parseFragment(request)
    return fragment.error === null && fragment.headers.every((header) => writable.has(header.spec.group.group))
  }
}
