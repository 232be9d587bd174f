import type { Outcome } from '../../dnp3-gateway/dnp3/index.ts'

/** One JSON object on a line of its own. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}

export function printLine(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** A note for people, apart from the output. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`)
}

/** An outcome as a line: what it brought, or its error. */
export function outcomeLine(outcome: Outcome<unknown>): Record<string, unknown> {
  if (!outcome.ok) {
    const { code, message, iin, status } = outcome.error
    return {
      ok: false,
      error: code,
      message,
      ...(iin === undefined ? {} : { iin }),
      ...(status === undefined ? {} : { status }),
    }
  }
  return { ok: true, ...(typeof outcome.value === 'object' ? outcome.value : {}) }
}
