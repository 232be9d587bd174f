import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { z } from 'zod'

const files = ['expected.json', 'input.json', 'why.md']

/** About one page: a calculation that needs more is two cases. */
const longestWhy = 70

/**
 * Makes a test of each folder in a folder of cases (test/cases/README.md). It fails where a file is missing, holds a member that the
 * schema does not know, or the outcome is another.
 */
export function testCases<I extends z.ZodType, E extends z.ZodType>(
  folder: string,
  schemas: { input: I; expected: E },
  check: (input: z.output<I>, expected: z.output<E>) => void | Promise<void>,
): void {
  const names = readdirSync(folder).filter((name) => statSync(join(folder, name)).isDirectory())
  test.each(names)(
    '%s',
    async (name) => {
      const at = join(folder, name)
      expect(readdirSync(at).sort(), `the files of ${at}`).toEqual(files)
      const lines = readFileSync(join(at, 'why.md'), 'utf8').trim().split('\n')
      expect(lines[0], `${at}/why.md begins with a heading`).toMatch(/^# ./)
      expect(lines.length, `${at}/why.md is a page at most`).toBeLessThanOrEqual(longestWhy)
      await check(read(schemas.input, join(at, 'input.json')), read(schemas.expected, join(at, 'expected.json')))
    },
    60_000,
  )
}

function read<S extends z.ZodType>(schema: S, path: string): z.output<S> {
  const found = schema.safeParse(JSON.parse(readFileSync(path, 'utf8')))
  if (found.success) return found.data
  throw new Error(`${path}: ${found.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`).join('; ')}`)
}
